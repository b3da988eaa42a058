"""Documents that say of themselves to what day they apply, or that they no longer do."""

from datetime import date
from pathlib import Path

from knowledge.read import read
from tests.rows import each

GONE = date.min  # no day said


@each(
    "text, until",
    [
        ("---\ntitle: Leave\nstatus: superseded 2025-12-31\n---\n", date(2025, 12, 31)),
        ("---\ntitle: Leave\nstatus: superseded by version 4.0 on 2025-10-01\n---\n", date(2025, 9, 30)),
        ("---\ntitle: Leave\nvalid_until: 2025-12-31\n---\n", date(2025, 12, 31)),
        ("---\ntitle: Leave\nexpires: 31 December 2025\n---\n", date(2025, 12, 31)),
        ("---\ntitle: Leave\nwithdrawn: 2025-12-31\n---\n", date(2025, 12, 31)),
        ("---\ntitle: Leave\nwithdrawn: true\n---\n", GONE),
        ("---\ntitle: Leave\nreplaced_by: leave-5.md\n---\n", GONE),
        ("---\ntitle: Leave\nuntil: 2027-03-31\n---\n", date(2027, 3, 31)),
        ("---\ntitel: Urlaub\ngültig bis: 31.12.2025\n---\n", date(2025, 12, 31)),
        ("---\ntitre: Congés\nstatut: abrogée depuis le 1 janvier 2026\n---\n", date(2025, 12, 31)),
        ("---\ntítulo: Permisos\nestado: derogado\n---\n", GONE),
        ("---\nbaşlık: İzin\ndurum: yürürlükten kaldırıldı\n---\n", GONE),
        (
            "> SUPERSEDED. Replaced by Edition 5 (document 03) on January 1, 2026. Kept for old cases.",
            date(2025, 12, 31),
        ),
        ("**This edition was replaced on 1 October 2025. It is kept for queries.**", date(2025, 9, 30)),
        ("This document is no longer in force.", GONE),
        ("No longer in force since 1 March 2026.", date(2026, 2, 28)),
        ("*Status: withdrawn*", GONE),
        ("WITHDRAWN\n\nLeave is granted by the manager.", GONE),
        ("This version of the policy has been superseded by version 4.", GONE),
        ("Valid until 31 December 2025.", date(2025, 12, 31)),
        ("Außer Kraft seit 1.1.2026.", date(2025, 12, 31)),
        ("Abgelöst durch die Fassung vom 1. Oktober 2025.", date(2025, 10, 1)),
        ("Diese Ausgabe wurde am 1. Oktober 2025 ersetzt.", date(2025, 9, 30)),
        ("Dieses Dokument ist nicht mehr gültig.", GONE),
        ("Gültig bis 31.12.2025", date(2025, 12, 31)),
        ("Cette version a été remplacée le 1 octobre 2025.", date(2025, 9, 30)),
        ("Ce document n'est plus en vigueur.", GONE),
        ("Abrogée depuis le 1 janvier 2026.", date(2025, 12, 31)),
        ("Esta edición fue sustituida por la quinta edición el 1 de enero de 2026.", date(2025, 12, 31)),
        ("Este documento ya no está vigente.", GONE),
        ("Vigente hasta el 31 de diciembre de 2025.", date(2025, 12, 31)),
        ("Bu sürüm 1 Ocak 2026 tarihinde yürürlükten kaldırılmıştır.", date(2026, 1, 1)),
        ("Bu belge artık geçerli değildir.", GONE),
        ("This policy is superseded by the handbook.", GONE),
        ("This document is obsolete and must not be used.", GONE),
        ("This document is obsolete, use the intranet.", GONE),
        ("This policy was withdrawn with effect from 1 May 2026.", date(2026, 4, 30)),
        ("This document has been superseded: see the handbook.", GONE),
        ("This policy is no longer valid (see the handbook).", GONE),
        ("Dieses Dokument ist ungültig und durch das Handbuch ersetzt.", GONE),
        ("This policy is no longer valid after 31 December 2025.", date(2025, 12, 31)),
        ("Diese Richtlinie ist nach dem 31. Dezember 2025 nicht mehr gültig.", date(2025, 12, 31)),
        ("Diese Ordnung wurde im Mai 2025 außer Kraft gesetzt.", date(2025, 5, 1)),
        ("Ce document est caduc depuis le 1 mai 2026.", date(2026, 4, 30)),
        ("Este documento está derogado y no se usa.", GONE),
    ],
)
def test_a_document_says_until_when_it_applies(tmp_path: Path, text: str, until: date) -> None:
    assert said(tmp_path, "leave.md", text) == until


@each(
    "text",
    [
        ("---\ntitle: Leave\nstatus: published, not yet in force\n---\n",),
        ("---\ntitle: Leave\nstatus: in force\nreplaces: 3.0 (2022)\nsuperseded_by: none\n---\n",),
        ("---\ntitle: Leave\nwithdrawn: false\nreplaced_by: n/a\n---\n",),
        ("Replaces Edition 4, which was withdrawn on 1 January 2026.",),
        ("This edition supersedes the edition of 2022.",),
        ("What fails is shown to the reviewer and\nreplaced by the manual's own words.",),
        ("This policy covers withdrawn and obsolete equipment.",),
        ("This policy is about withdrawn products.",),
        ("This policy says which forms are withdrawn.",),
        ("Obsolete 3.5-inch disks are returned to IT.",),
        ("Obsolete, damaged or lost equipment is returned to IT.",),
        ("## Withdrawn\n\nForm HP-131.",),
        ("Form HP-131 was withdrawn on 1 January 2026.",),
        ("Permits are valid until 31 March 2027.",),
        ('An edition marked "superseded" is kept only for events that happened while it was in force.',),
        ("Withdrawn consent is recorded at once. A replaced badge is destroyed.",),
        ("Until 31 March 2027 the rules are those of policy 07.",),
        ("Diese Richtlinie ersetzt die Fassung vom 1. Oktober 2025.",),
        ("Dieses Dokument regelt, wie veraltete Geräte ersetzt werden.",),
        ("Ungültige Ausweise werden eingezogen.",),
        ("Cette version remplace la version 3.",),
        ("Remplace le document du 1 octobre 2025.",),
        ("Ersetzt 3.0 (2022).",),
        ("Ce guide dit quels documents sont archivés.",),
        ("Esta política sustituye a la de 2022.",),
        ("Este procedimiento está destinado a los productos retirados.",),
        ("Bu yönetmelik 2022 sürümünün yerini alır.",),
        ("Diese Regelung gilt ab 1.1.2026. Die bisherige Regelung tritt außer Kraft.",),
        ("Diese Richtlinie ist seit dem 1.1.2024 in Kraft und setzt die alte außer Kraft.",),
        ("Bu politika 1 Ocak 2026 tarihinde yürürlüğe girer; önceki politika yürürlükten kaldırılmıştır.",),
        ("Bu yönerge ile önceki yönerge yürürlükten kaldırılmıştır.",),
        ("Superseded by: none",),
        ("# Laptops\nRetired. Laptops are handed to IT.",),
        ("# Software\nDeprecated. Use the new tool.",),
        ("# Vouchers\nThe old vouchers are void. Valid until 31 March 2026 are only the blue ones.",),
        ("This document is obsolete when printed.",),
        ("This document is no longer valid once printed.",),
        ("This document is no longer valid after printing.",),
        ("This document becomes obsolete as soon as it is printed.",),
        ("This policy is no longer in force for contractors.",),
        ("This policy is no longer in force at the Leeds site.",),
        ("This policy is superseded when a newer one is published on the intranet.",),
        ("This policy is withdrawn if the board does not renew it.",),
        ("This edition was replaced on no site yet.",),
        ("This procedure is obsolete equipment's last stop: it says how scrapped goods leave.",),
        ("Dieses Dokument ist ausgedruckt ungültig.",),
        ("Dieses Dokument ist nach dem Ausdruck nicht mehr gültig.",),
        ("Diese Richtlinie ist ungültig, sobald sie ausgedruckt wird.",),
        ("Dieses Dokument ist nur für Leiharbeiter nicht mehr gültig.",),
        ("Ce document est caduc une fois imprimé.",),
        ("Ce document n'est plus valable après impression.",),
        ("Cette politique n'est plus en vigueur pour les intérimaires.",),
        ("Este documento está obsoleto una vez impreso.",),
        ("Este documento ya no es válido una vez impreso.",),
        ("Este documento ya no rige para contratistas.",),
        ("Bu belge basıldığında geçersizdir.",),
        ("Bu belge çıktı alındıktan sonra geçerli değildir.",),
        ("---\nstatus: obsolete when printed\n---\n",),
        ("---\nstatus: Active (replaces the superseded edition 2)\n---\n",),
        ("---\nstatus: Not superseded\n---\n",),
        ("---\nstatus: current, old version archived\n---\n",),
        ("---\ndeprecated: 0\n---\n",),
    ],
)
def test_what_only_speaks_of_ends_says_none_of_itself(tmp_path: Path, text: str) -> None:
    assert said(tmp_path, "leave.md", text) is None


@each(
    "name, until",
    [
        ("03-leave-policy-2022-edition-SUPERSEDED.md", GONE),
        ("leave_old.md", GONE),
        ("Leave (archived).md", GONE),
        ("urlaub-veraltet.md", GONE),
        ("conges_ancien.md", GONE),
        ("permisos obsoleto.md", GONE),
        ("izin_eski.md", GONE),
        ("old-laptops.md", None),
        ("using-the-archive.md", None),
        ("archive.md", None),
        ("gold.md", None),
        ("leave-2022.md", None),
        ("expired-passports.md", None),
        ("obsolete-equipment-disposal.md", None),
        ("records-archive.md", None),
        ("employees 55 years old.md", None),
        ("new-for-old.md", None),
        ("is-eski.md", None),
    ],
)
def test_a_file_name_says_that_it_no_longer_applies(tmp_path: Path, name: str, until: date | None) -> None:
    assert said(tmp_path, name, "") == until


def said(folder: Path, name: str, text: str) -> date | None:
    (folder / name).write_text(f"{text}\n\nLeave is granted by the manager, who answers within ten days.\n")
    return read(folder / name, folder).until
