"""What the general codebook finds and does not find: examples, set phrases, names, word borders."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from resanalysis.codebook import check_codebook, read_codebook
from resanalysis.model import Codebook, Topic
from resanalysis.pipeline import tag_text

if TYPE_CHECKING:
    from resanalysis.model import Language

CODEBOOK = read_codebook()


def topics_of(text: str, codebook: Codebook = CODEBOOK) -> set[str]:
    return {tag.topic for tag in tag_text(text, codebook)}


def small(core: tuple[str, ...], exclusions: tuple[str, ...]) -> Codebook:
    """Return a codebook with one topic."""
    words: dict[Language, str] = {"zh": "国家", "en": "Country"}
    topic = Topic("place", "", words, words, words, words, core, (), exclusions, "")
    return Codebook("small", "1", words, {}, (topic,), "")


# --- examples and counterexamples of the file ---------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "text"), [(topic.id, text) for topic in CODEBOOK.topics for text in topic.examples]
)
def test_example_gets_its_topic(topic: str, text: str) -> None:
    assert topic in topics_of(text)


@pytest.mark.parametrize(
    ("topic", "text"),
    [(topic.id, text) for topic in CODEBOOK.topics for text in topic.counterexamples],
)
def test_counterexample_does_not_get_its_topic(topic: str, text: str) -> None:
    assert topic not in topics_of(text)


def test_every_topic_has_examples_and_counterexamples() -> None:
    for topic in CODEBOOK.topics:
        assert len(topic.examples) >= 2, topic.id
        assert len(topic.counterexamples) >= 2, topic.id


# --- the file -----------------------------------------------------------------------------------


def test_packaged_codebook_has_no_problem() -> None:
    assert check_codebook() == []


def test_codebook_says_how_to_code_in_both_languages() -> None:
    assert "实质涉及" in CODEBOOK.instructions["zh"]
    assert "Decide each topic on its own." in CODEBOOK.instructions["en"]


def test_concepts_have_the_form_of_their_vocabulary() -> None:
    forms = {"sdg": r"(1[0-7]|[1-9])\.([1-9]\d?|[a-d])", "unbis": r"\d\d\.\d\d\.\d\d"}
    for topic in CODEBOOK.topics:
        for name, ids in topic.concepts.items():
            for identifier in ids:
                assert re.fullmatch(forms[name], identifier), (topic.id, name, identifier)


def test_every_rule_is_needed_for_some_text() -> None:
    """A rule whose words always come with a term of its topic would do nothing."""
    for topic in CODEBOOK.topics:
        terms = topic.core + topic.peripheral
        for rule in topic.rules:
            free = [
                [word for word in group if not any(term in word for term in terms)]
                for group in rule.groups
            ]
            assert all(free), (topic.id, rule.id)


# --- names of authorities are no topics ---------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "水行政主管部门",
        "水利部门",
        "水务部门",
        "生态环境主管部门",
        "自然资源主管部门",
        "应急管理部门",
        "林业草原主管部门",
        "林业主管部门",
        "标准化行政主管部门",
        "气象主管机构",
        "科学技术主管部门",
        "教育主管部门",
        "统计部门",
        "管理节能工作的部门",
        "野生动物保护主管部门",
    ],
)
def test_name_of_an_authority_is_no_topic(name: str) -> None:
    assert topics_of(f"{name}的工作人员滥用职权、玩忽职守的，依法给予处分。") == set()


@pytest.mark.parametrize(
    "text",
    [
        "违反本法规定的，由主管部门责令改正，处二万元以上十万元以下的罚款。",
        "构成犯罪的，依法追究刑事责任。",
        "当事人对决定不服的，可以依法申请行政复议或者提起行政诉讼。",
        "省级人民政府可以根据本法制定实施办法，报国务院批准。",
        "本法自公布之日起施行。",
        "国务院有关部门在各自职责范围内负责有关工作。",
        "对作出突出贡献的单位和个人，按照国家有关规定给予表彰和奖励。",
        "持续优化营商环境，激发市场主体活力。",
        "征收标准由国务院价格主管部门规定。",
    ],
)
def test_set_phrase_of_laws_is_no_topic(text: str) -> None:
    assert topics_of(text) == set()


# --- words that only look alike -----------------------------------------------------------------


@pytest.mark.parametrize("text", ["提高服务水平", "职工薪水", "知识水准", "广东省水头镇"])
def test_a_word_that_contains_the_character_for_water_is_not_water(text: str) -> None:
    assert "water" not in topics_of(text)


def test_water_resources_are_water_beside_a_level() -> None:
    (tag,) = tag_text("提高水资源管理的水平", CODEBOOK)
    assert (tag.topic, tag.term) == ("water", "水资源管理")


def test_environment_of_business_is_not_the_environment() -> None:
    assert topics_of("有关部门对营商环境监测的结果进行分析") == set()
    assert topics_of("有关部门对大气环境监测的结果进行分析") == {"monitoring"}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("回收的废弃电信设备", "renewable_energy"),
        ("提供调节电源", "energy_efficiency"),
        ("推进修复工程", "capacity_building"),
        ("依靠当地力量", "climate_agriculture"),
        ("新增温室气体", "climate_impacts"),
        ("提高供水能力", "renewable_energy"),
        ("完善用水事项", "renewable_energy"),
    ],
)
def test_a_term_does_not_arise_across_the_border_of_two_words(text: str, topic: str) -> None:
    assert topic not in topics_of(text)


def test_an_exclusion_leaves_what_only_begins_like_it() -> None:
    assert "disaster" in topics_of("为有关国家提供应急通信设备")
    assert "disaster" not in topics_of("及时供应急需的药品")
    assert "energy_efficiency" in topics_of("产品应当达到强制性能效标准")


@pytest.mark.parametrize("text", ["电子废弃物", "电子\n废弃物", "大量电子废弃物的出口"])
def test_e_waste_is_found_wherever_words_or_lines_are_cut(text: str) -> None:
    assert "e_waste" in topics_of(text)


def test_full_width_letters_are_read_as_half_width_ones() -> None:
    assert topics_of("利用ＩＣＴ") == topics_of("利用ICT") == {"ict_enabling"}


def test_the_longer_name_of_a_country_hides_the_shorter() -> None:
    codebook = small(core=("印度",), exclusions=("印度尼西亚",))
    assert [tag.start for tag in tag_text("印度尼西亚和印度", codebook)] == [6]


def test_an_empty_codebook_finds_nothing() -> None:
    assert tag_text("水资源和电子废弃物", replace(CODEBOOK, topics=())) == []


def test_what_the_ict_sector_does_about_itself_is_no_use_of_ict_elsewhere() -> None:
    assert "ict_enabling" not in topics_of("ICT行业通过可再生能源减少排放")
    assert "ict_enabling" not in topics_of("ICT的能效提高有助于节能")
    assert "ict_enabling" in topics_of("通过ICT减少交通运输的排放")


def test_limiting_effects_of_climate_change_is_not_limiting_emissions() -> None:
    assert "ghg_mitigation" not in topics_of("缓解和适应气候变化的影响")
    assert "ghg_mitigation" in topics_of("缓解和适应气候变化")


@pytest.mark.parametrize("text", ["研讨会通过了宣言", "忆及讲习班通过的行动计划"])
def test_a_meeting_that_only_adopts_a_text_teaches_nobody(text: str) -> None:
    assert topics_of(text).isdisjoint({"capacity_building", "research_awareness"})


def test_a_study_group_is_no_research() -> None:
    assert "research_awareness" not in topics_of("相关研究组的会议")
    assert "research_awareness" in topics_of("相关研究的成果")


# --- rules --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "with_topic", "without_topic"),
    [
        ("reporting_transparency", "应当向主管部门报告", "向主管部门提交环境影响报告书"),
        ("reporting_transparency", "公布检查结果", "批准后公布实施"),
        ("standards_methods", "制定有关产品的标准", "符合标准的产品"),
        ("standards_methods", "编写评估环境影响的方法", "以适当方法处理"),
        ("monitoring", "对草原进行监测", "对价格进行监测"),
        ("climate_adaptation", "增强电信网络面对极端天气的韧性", "增强电信网络的韧性"),
        ("climate_impacts", "气候变化的各种影响", "设备对气候变化的影响"),
        ("e_waste", "报废的打印机", "新购的打印机"),
        ("smart_cities", "对市政设施作智能化改造", "对市政设施作日常维护"),
        ("international", "与有关国家开展合作", "与有关企业开展合作"),
        ("capacity_building", "向最不发达国家提供支持", "向中标企业提供支持"),
        ("capacity_building", "缩小城乡之间的数字差距", "缩小收入差距"),
        ("capacity_building", "了解发展中国家的需要", "发展中国家损失严重"),
        ("circular_economy", "在产品设计中考虑环境因素", "在产品设计中考虑成本因素"),
        ("climate_adaptation", "在气候方面有复原力", "在经济方面有复原力"),
        ("climate_impacts", "气候变化和灾害造成的威胁", "灾害造成的威胁"),
        ("ict_enabling", "ICT在其他行业的应用", "ICT在本行业的应用"),
        ("ict_enabling", "利用无线电通信减灾", "利用无线电通信导航"),
        ("reporting_transparency", "报告计划的执行情况", "提交的第五份报告中说"),
        ("standards_methods", "规划写明指标和标准", "规划写明目标和任务"),
        ("standards_methods", "分析产品的生命周期", "延长产品的生命周期"),
        ("standards_methods", "衡量产品的碳足迹", "衡量各方的利益"),
    ],
)
def test_words_count_together_and_not_alone(
    topic: str, with_topic: str, without_topic: str
) -> None:
    assert topic in topics_of(with_topic)
    assert topic not in topics_of(without_topic)
