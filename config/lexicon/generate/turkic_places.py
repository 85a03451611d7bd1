#!/usr/bin/env python3
"""Writes config/lexicon/languages/XX/forms_towns.tsv for Azerbaijani and Turkish: towns as papers write them, in their cases.

usage, from the project's root: turkic_places.py az|tr > config/lexicon/languages/XX/forms_towns.tsv

Names are by hand (2026-11-29), beside those of places/exonyms.tsv. Endings follow the last vowel of the name, and in Turkish
its last letter and an apostrophe.

The forms that tell where stand as the country's own: they are no part of a name before them ("Prezident İlham Əliyev Gəncəyə
səfər edib", "Erdoğan Moskova'ya gitti"), and neither language puts a preposition between. Azerbaijani has the others too, as
@region, which a title before them does not make a person ("Prezident Şuşa şəhərində olub"); Turkish papers' towns are in
cities.tsv. Of a name that is also a person's or a people's ("Laçın", "Qazax") only the form that tells where is kept; Turkish ones that are surnames are left out ("Mardin").
"""
import csv
import sys

LEXICON = "config/lexicon"
NAMES = {
    "az": {
        "AE": "Əbu-Dabi", "BG": "Sofiya", "CH": "Davos Bern Lozanna", "DE": "Berlin Frankfurt", "EE": "Tallin",
        "ES": "Madrid Barselona", "FI": "Helsinki", "FR": "Paris", "GB": "London", "GE": "Tbilisi Batumi Rustavi Marneuli",
        "IL": "Təl-Əviv", "IT": "Milan", "KZ": "Astana", "LT": "Vilnüs", "LV": "Riqa", "MD": "Kişinyov", "NO": "Oslo",
        "PK": "İslamabad", "QA": "Doha", "RU": "Kazan Soçi", "SA": "Ciddə", "TR": "İstanbul İzmir Antalya",
        "UA": "Odessa Lvov Donetsk Luqansk Xerson Mariupol",
        # districts are called as their towns are
        "AZ": """
        Gəncə Sumqayıt Xırdalan Yevlax Mingəçevir Naxçıvan Lənkəran Lerik Şirvan Şəki Xaçmaz Göyçay Bərdə Şəmkir Ağcabədi
        Şamaxı Ağdam Cəlilabad İmişli Zaqatala Sabirabad İsmayıllı Siyəzən Ağdaş Hacıqabul Quba Qusar Tərtər Saatlı Göygöl
        Şuşa Kürdəmir Neftçala Beyləqan Astara Balakən Gədəbəy Culfa Xudat Qobustan Tovuz Ağstafa Qax Qəbələ Ordubad Daşkəsən
        Masallı Goranboy Naftalan Kəlbəcər Zərdab Zəngilan Qubadlı Ucar Xocalı Salyan Füzuli Qazax Cəbrayıl Xankəndi Laçın
        Xocavənd Ağdərə Əsgəran Hadrut Biləsuvar
        """,
    },
    "tr": {
        "AE": "Dubai", "AZ": "Gence Şuşa Hankendi", "CH": "Davos Bern Lozan", "DE": "Berlin Frankfurt Hamburg", "ES": "Madrid",
        "FI": "Helsinki", "FR": "Paris", "KZ": "Astana", "NO": "Oslo", "PK": "İslamabad", "QA": "Doha", "RU": "Soçi Kazan",
        "UA": "Odessa Donetsk Herson", "US": "New_York Los_Angeles", "JP": "Tokyo",
        "TR": """
        Ankara Antalya Diyarbakır Trabzon Gaziantep Şanlıurfa Hatay Kahramanmaraş Kocaeli Afyonkarahisar Muğla Hakkari Şırnak
        Zonguldak Kastamonu Nevşehir Tekirdağ Kırklareli Eskişehir Balıkesir Çanakkale Elazığ
        """,
    },
}
# a poet, a people, given names, the doer of a verb
WHERE_ONLY = {"Füzuli", "Qazax", "Cəbrayıl", "Laçın", "Salyan", "Şirvan"}
# vowels of endings by the last vowel of the name: dative and locative, genitive and accusative
HARMONY = {"a": "aı", "ı": "aı", "o": "au", "u": "au", "e": "əi", "ə": "əi", "i": "əi", "ö": "əü", "ü": "əü"}
# letters behind which Turkish hardens the d of an ending
HARD = "fstkçşhp"


def endings(name, language):
    """Those that tell where, and the others."""
    small = name.replace("İ", "i").replace("I", "ı").lower()
    wide, narrow = HARMONY[[c for c in small if c in HARMONY][-1]]
    vowel = small[-1] in HARMONY
    y, n = ("y", "n") if vowel else ("", "")
    if language == "tr":
        wide, d = wide.replace("ə", "e"), "t" if small[-1] in HARD else "d"
        return [mark + end for mark in "'’" for end in (d + wide, d + wide + "n", y + wide)], []
    return ["d" + wide, "d" + wide + "n", y + wide], ["", n + narrow + "n", n + narrow, f"d{wide}k{HARMONY[wide][1]}"]


def main(language):
    rows = [(code, name.replace("_", " ")) for code, names in NAMES[language].items() for name in names.split()]
    for row in csv.reader(open(f"{LEXICON}/places/exonyms.tsv"), delimiter="\t", quoting=csv.QUOTE_NONE):
        if len(row) == 4 and row[2] == language:
            rows += [(row[1], name) for name in row[3].split("|")]
    print("# Towns in their cases: code, - for the forms that tell where or @region for the others, forms parted by \"|\".")
    print("# Written by config/lexicon/generate/turkic_places.py, which names the sources; not edited by hand.")
    for code, name in rows:
        where, others = endings(name, language)
        if name in WHERE_ONLY:
            where, others = where[:1], []
        print(code, "-", "|".join(name + end for end in where), sep="\t")
        if others:
            print(code, "@region", "|".join(name + end for end in others), sep="\t")


if __name__ == "__main__":
    main(sys.argv[1])
