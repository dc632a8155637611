"""The entity lexicon: names in their spellings, ordinary words apart, extensible by the user."""

import pytest

from pipeline.article.entities import load_entities
from pipeline.errors import ConfigError
from pipeline.lexicon import load_raw


@pytest.fixture(scope="module")
def entities():
    return load_entities()


def names(entities, text):
    return [(text[m.start : m.end], m.entity.name) for m in entities.find(text)]


def test_several_hundred_names_in_every_industry(entities):
    assert len(entities.entries) > 1000
    industries = {entity.industry for entity in entities.entries if entity.industry}
    assert set(entities.industries) >= industries


def test_spellings_lead_to_one_name(entities):
    assert names(entities, "字节的火山引擎") == [("字节", "字节跳动"), ("火山引擎", "火山引擎")]
    for spelling in ("GLM-4-Plus", "GLM 4 Plus", "glm-4 plus", "GLM4Plus"):
        assert names(entities, f"用了{spelling}的人") == [(spelling, "GLM-4-Plus")]


def test_the_longest_name_wins_and_latin_names_stand_alone(entities):
    assert names(entities, "GPT-4o和GPT-4") == [("GPT-4o", "GPT-4o"), ("GPT-4", "GPT-4")]
    assert names(entities, "xGPT-4z") == []
    assert names(entities, "GLM-4.9") != [("GLM-4", "GLM-4")]


def test_owners_and_groups(entities):
    assert entities.company("Qwen-Long").company == "阿里云"
    assert entities.related("阿里云", "阿里巴巴")
    assert not entities.related("阿里云", "腾讯")


def test_names_that_are_ordinary_words_are_marked(entities):
    (mention,) = entities.find("这是一个理想的结果")
    assert mention.weak
    assert "理想" not in entities.words()


def test_a_user_adds_a_firm_and_spellings(tmp_path):
    extra = tmp_path / "mine.toml"
    extra.write_text(
        'company = [{ name = "星河智算|星河", industry = "ai", models = ["星河一号"] },'
        ' { name = "阿里云|云上阿里" }]\nmedia = ["晨报"]\n',
        encoding="utf-8",
    )
    entities = load_entities(extra)
    assert names(entities, "星河发布星河一号") == [("星河", "星河智算"), ("星河一号", "星河一号")]
    assert names(entities, "云上阿里") == [("云上阿里", "阿里云")]
    assert entities.company("云上阿里").industry == "cloud"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('company = [{ industry = "ai" }]', "company None"),
        ('company = [{ name = "甲", brand = ["乙"] }]', "unknown key 'brand'"),
        ('company = [{ name = "甲||乙" }]', "none of them empty"),
        ('company = ["甲"]', "expected a dict"),
        ("media = [3]", "expected a str"),
    ],
)
def test_a_broken_file_is_refused_by_its_entry(tmp_path, content, words):
    extra = tmp_path / "mine.toml"
    extra.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=words):
        load_entities(extra)


def test_shipped_names_are_unambiguous():
    """No spelling belongs to two firms."""
    owner = {}
    for company in load_raw("entities")["company"]:
        for alias in company["name"].split("|"):
            alias = alias.removeprefix("?")
            assert owner.setdefault(alias, company["name"]) == company["name"], alias
