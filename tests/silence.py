# ruff: noqa: E501 - the texts are data
"""Fifty texts that hold no argument: recipes, code, poetry, price lists, English. Poems are Tang and older, the rest ours."""

from __future__ import annotations

POEMS = """床前明月光，疑是地上霜。举头望明月，低头思故乡。
白日依山尽，黄河入海流。欲穷千里目，更上一层楼。
春眠不觉晓，处处闻啼鸟。夜来风雨声，花落知多少。
空山不见人，但闻人语响。返景入深林，复照青苔上。
千山鸟飞绝，万径人踪灭。孤舟蓑笠翁，独钓寒江雪。
松下问童子，言师采药去。只在此山中，云深不知处。
独坐幽篁里，弹琴复长啸。深林人不知，明月来相照。
人闲桂花落，夜静春山空。月出惊山鸟，时鸣春涧中。
红豆生南国，春来发几枝。愿君多采撷，此物最相思。
两个黄鹂鸣翠柳，一行白鹭上青天。窗含西岭千秋雪，门泊东吴万里船。""".splitlines()

RECIPES = """番茄炒蛋。番茄两个切块，鸡蛋三个打散。锅中放油，倒入蛋液炒至凝固盛出。番茄下锅炒软，加盐半勺、糖一勺。倒回鸡蛋翻匀出锅。
凉拌黄瓜。黄瓜两根拍碎切段。蒜末、生抽、香醋、香油各一勺调匀。浇在黄瓜上拌匀，冷藏十分钟。
葱油面。小葱一把切段，小火炸到焦黄。加生抽两勺、老抽半勺、糖一勺煮开。面条煮熟捞出，拌入葱油。
红烧肉。五花肉一斤切方块，冷水下锅焯水。冰糖炒出糖色，放肉翻炒。加料酒、生抽、八角，小火炖一小时。大火收汁。
清蒸鲈鱼。鲈鱼一条洗净，两面划刀。盘底铺姜片，上汽后蒸八分钟。倒掉汤汁，铺葱丝，淋热油和蒸鱼豉油。
皮蛋瘦肉粥。大米一杯泡半小时。瘦肉切丝，用盐和淀粉抓匀。水开下米，煮四十分钟。放肉丝和皮蛋丁，再煮十分钟，撒葱花。
蒜蓉西兰花。西兰花掰成小朵，焯水一分钟。蒜末爆香，下西兰花翻炒。加盐和少许蚝油出锅。
酸辣土豆丝。土豆两个切丝，清水冲两遍。干辣椒和花椒下锅炸香。放土豆丝大火快炒，沿锅边倒醋，加盐出锅。
蛋炒饭。隔夜米饭一碗打散。鸡蛋两个炒成小块。放米饭、火腿丁、豌豆翻炒三分钟。加盐和葱花。
银耳羹。银耳一朵泡发撕小。加水一升，大火烧开转小火炖一个半小时。放红枣、枸杞和冰糖，再炖二十分钟。""".splitlines()

_ITEMS = ("拿铁 中杯", "美式 大杯", "澳白", "卡布奇诺", "抹茶拿铁", "热巧克力", "柠檬茶", "冷萃", "燕麦拿铁", "气泡水")
PRICES = [
    "价目表\n" + "\n".join(f"{name}\t{12 + step * 3 + i}元" for i, name in enumerate(_ITEMS[step:] + _ITEMS[:step]))
    for step in range(10)
]

_NAMES = ("read", "load", "merge", "split", "count", "trim", "parse", "write", "sort", "find")
CODE = [
    f"def {name}_rows(path, limit={n}):\n    # 读取一行\n    rows = []\n    with open(path) as f:\n        for line in f:\n"
    f"            if len(rows) >= limit:\n                break\n            rows.append(line.split(','))\n    return rows\n"
    for n, name in enumerate(_NAMES, start=10)
]

ENGLISH = """The ferry leaves the north pier at nine. Tickets are sold on board. Bicycles travel free of charge.
Chapter three. The old house stood at the end of the lane. Nobody had lived there for years.
Release notes. Version 2.1 fixes two bugs in the parser. The default encoding is now UTF-8.
Minutes of the meeting. Present: Ann, Bob, Carla. The minutes of the last meeting were read and approved.
Opening hours: Monday to Friday, 9 to 17. Closed on public holidays. Ring the bell at the side door.
Dear guest, breakfast is served from seven to ten on the first floor. The pool opens at eight.
Figure 2 shows the apparatus. The sample was placed on the stage. Temperature was read every ten seconds.
Lost: one grey cat, answers to Milo. Last seen near the station on Tuesday evening.
To reset the device, hold the button for five seconds. The light blinks twice. Release the button.
The match ended two to one. The first goal came in the tenth minute. Attendance was 12,400.""".splitlines()

TEXTS: dict[str, list[str]] = {
    "poetry": POEMS, "recipes": RECIPES, "price lists": PRICES, "code": CODE, "English": ENGLISH,
}  # fmt: skip
