"""Pure. What the findings of the check say, in two languages, each with how to mend it.

Enters: a code. Leaves: its sentence. The terminal has no catalogues, so the Chinese stands here beside the English;
a test holds it to the catalogue from which the page speaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ledger.errors import _


@dataclass(frozen=True)
class Sentence:
    """One sentence, with `%(name)s` places."""

    english: str
    chinese: str

    def said(self, language: str) -> str:
        """In Chinese for `zh...`, in English else."""
        return self.chinese if language.lower().startswith("zh") else self.english


SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "bidding.no_files": Sentence(_("There is no file to put into the bid."), "没有可放入投标文件包的文件。"),
        "bidding.file_name": Sentence(
            _("A file of the package has a name that is not allowed."), "投标包中有文件的名称不符合规定。"
        ),
        "bidding.file_twice": Sentence(_("A file stands twice in the package."), "投标包中有重名的文件。"),
        "bidding.files_many": Sentence(
            _("A bid holds at most %(most)s files. Put some of them together."),
            "一份投标文件最多包含 %(most)s 个文件。请将部分文件合并。",
        ),
        "bidding.package_large": Sentence(
            _("All files together are larger than %(most)s bytes. Compress pictures, leave out what is not asked for."),
            "全部文件合计超过 %(most)s 字节。请压缩图片，或去掉未要求的内容。",
        ),
        "bidding.paper_missing": Sentence(
            _("“%(paper)s” is not among the files. Add it; its name begins with “%(stem)s”."),
            "文件中没有“%(paper)s”。请补充，其文件名应以“%(stem)s”开头。",
        ),
        "bidding.file_empty": Sentence(
            _("The file is empty. Save it again from the program that made it."), "文件为空。请用原软件重新保存。"
        ),
        "bidding.file_broken": Sentence(
            _("The file is damaged, or not what its ending says. Open it, and save it again."),
            "文件已损坏，或与扩展名不符。请打开后重新保存。",
        ),
        "bidding.file_encrypted": Sentence(
            _("The file asks for a password, which the panel does not have. Save it without one."),
            "文件设有密码，评标委员会无法打开。请取消密码后保存。",
        ),
        "bidding.file_bomb": Sentence(
            _("The file would grow to %(size)s bytes when opened; it was not looked into. Make it smaller."),
            "文件解开后将达 %(size)s 字节，未作检查。请缩小文件。",
        ),
        "bidding.schedule_unread": Sentence(
            _("No table with quantity, unit price and amount was found: the sums were not checked. Use the template."),
            "未找到含“数量、单价、金额”的表格，未核算金额。请使用模板。",
        ),
        "bidding.schedule_line": Sentence(
            _("Row %(row)s: quantity times unit price is %(right)s, the amount says %(found)s. Correct the row."),
            "第 %(row)s 行：数量乘单价为 %(right)s，金额写作 %(found)s。请更正该行。",
        ),
        "bidding.schedule_total": Sentence(
            _("The amounts add up to %(right)s, the total says %(found)s. Correct the total."),
            "各项金额合计为 %(right)s，合计写作 %(found)s。请更正合计。",
        ),
        "bidding.schedule_price": Sentence(
            _("The schedule comes to %(found)s, the price of the bid is %(price)s. Make them the same."),
            "报价表合计为 %(found)s，投标总价为 %(price)s。请使两者一致。",
        ),
        "bidding.opening_list_unread": Sentence(
            _("The opening list states no price. Fill in the template."), "开标一览表未写明投标总价。请填写模板。"
        ),
        "bidding.opening_list_price": Sentence(
            _("The opening list says %(found)s, the price of the bid is %(price)s. Make them the same."),
            "开标一览表写作 %(found)s，投标总价为 %(price)s。请使两者一致。",
        ),
        "bidding.opening_list_days": Sentence(
            _("The opening list says %(found)s days, the bid %(days)s. Make them the same."),
            "开标一览表写作 %(found)s 天，投标填写 %(days)s 天。请使两者一致。",
        ),
        "bidding.blind_name": Sentence(
            _("This paper is judged blind, and your name “%(word)s” stands in %(part)s. Take it out."),
            "本卷为暗标，但在 %(part)s 中出现了贵方名称“%(word)s”。请删除。",
        ),
        "bidding.blind_metadata": Sentence(
            _("This paper is judged blind, and its properties say %(field)s “%(word)s”. Remove these properties."),
            "本卷为暗标，但文档属性 %(field)s 写作“%(word)s”。请清除文档属性。",
        ),
        "bidding.blind_pdf": Sentence(
            _("This paper is judged blind; text and pictures of a PDF were not searched. Look through it yourself."),
            "本卷为暗标；PDF 中的文字和图片未检索，请自行通读。",
        ),
        "bidding.blind_unread": Sentence(
            _("This paper is judged blind, and this kind of file cannot be searched. Hand it in as .docx or .pdf."),
            "本卷为暗标，但此类文件无法检索。请以 .docx 或 .pdf 提交。",
        ),
    }
)
