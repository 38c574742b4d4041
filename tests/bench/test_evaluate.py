"""The evaluation of the classifier counts right and says plainly when there is nothing to count."""

from collections import Counter

from click.testing import CliRunner

from bench.evaluate import main
from services.routing.learning.trial import macro_f1


def test_without_data_it_says_so_and_succeeds(tmp_path):
    result = CliRunner().invoke(main, ["--data", str(tmp_path)])

    assert (result.exit_code, "nothing was evaluated" in result.output) == (0, True)


def test_every_source_is_reported(tmp_path):
    row = '{"text": "送货延误", "category": "service", "source": "letters via somewhere"}\n'
    (tmp_path / "few.jsonl").write_text(row, encoding="utf-8")

    assert "letters by category: macro-F1 1.000 of 1" in CliRunner().invoke(main, ["--data", str(tmp_path)]).output


def test_the_later_half_is_judged_by_what_the_earlier_half_taught(tmp_path):
    row = '{"text": "蓝莓卡", "category": "service", "source": "letters", "date": "2026/1/%d"}\n'
    (tmp_path / "few.jsonl").write_text("".join(row % day for day in range(1, 21)), encoding="utf-8")

    report = CliRunner().invoke(main, ["--data", str(tmp_path)]).output.partition("later half, 10 cases learnt")[2]

    assert "letters by category: macro-F1 1.000 of 10" in report


def test_macro_f1_counts_each_category_alike():
    confusion = Counter({("product", "product"): 98, ("product", "service"): 2, ("service", "product"): 2})

    assert macro_f1(confusion) == 0.98 / 2
