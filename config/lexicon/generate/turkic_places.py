#!/usr/bin/env python3
"""Writes config/lexicon/languages/XX/forms_towns.tsv for Azerbaijani and Turkish: towns as papers write them, in their cases.

usage, from the project's root: turkic_places.py az|tr > config/lexicon/languages/XX/forms_towns.tsv

Names are by hand (2026-11-29), beside those of places/exonyms.tsv and countries.tsv. Endings follow the last vowel of the name, and in Turkish
its last letter and an apostrophe.

The forms that tell where stand as the country's own: they are no part of a name before them ("Prezident İlham Əliyev Gəncəyə
səfər edib", "Erdoğan Moskova'ya gitti"), and neither language puts a preposition between. Azerbaijani has the others too, as
@region, which a title before them does not make a person ("Prezident Şuşa şəhərində olub"); Turkish papers' towns are in
cities.tsv, but for those of SPELT. Of a name that is also a person's, a people's or a word, the form without an ending or all
but the form that tells where is left out; Turkish ones that are surnames are left out altogether ("Mardin").
"""
import csv
import sys

LEXICON = "config/lexicon"
NAMES = {
    "az": {
        "AE": "Əbu-Dabi Abu-Dabi", "AF": "Qəndəhar Herat Pəncşir", "AL": "Tirana",
        "AM": "Vanadzor Gorus Qafan Yeğeqnadzor Eçmiədzin Dilican Meğri Sisyan Sevan",
        "AR": "Buenos-Ayres", "AT": "Zalsburq Qrats", "AU": "Sidney Melburn Kanberra Brisben", "BA": "Sarayevo",
        "BE": "Antverpen Gent", "BG": "Sofiya Varna Burqas", "BR": "Rio-de-Janeyro San-Paulu Belen", "BY": "Brest Qomel Qrodno Vitebsk",
        "CA": "Ottava Toronto Monreal Vankuver", "CH": "Davos Bern Lozanna Bazel Luqano", "CN": "Uhan Quançjou Urumçi Tyantszin Şencjen",
        "CU": "Havana", "CY": "Lefkoşa Limasol", "CZ": "Brno",
        "DE": "Berlin Frankfurt Köln Düsseldorf Ştutqart Drezden Leypsiq Bremen Dortmund Hannover Potsdam Magdeburq Bavariya",
        "EE": "Tallin Tartu", "EG": "İsgəndəriyyə Şarm-əl-Şeyx", "ES": "Madrid Barselona Sevilya Valensiya Bilbao Malaqa Kataloniya",
        "ET": "Əddis-Əbəbə", "FI": "Helsinki", "FR": "Paris Marsel Lion Nitsa Lill Tuluza Bordo Monpelye Versal Korsika",
        "GB": "London Mançester Liverpul Birmingem Edinburq Qlazqo Oksford Kembric Belfast Kardiff Şeffild Lids",
        "GE": "Tbilisi Batumi Rustavi Marneuli Kutaisi Qori Zuqdidi Poti Telavi Bolnisi Qardabani Axalkalaki Dmanisi Saqareco Sxinvali Suxumi Anakliya",
        "GR": "Pirey", "HU": "Debretsen", "ID": "Cakarta Bali", "IL": "Təl-Əviv Hayfa Eylat",
        "IN": "Yeni-Dehli Yeni_Dehli Dehli Mumbay Kəlküttə Bombay Benqaluru", "IQ": "Ərbil Mosul Bəsrə Süleymaniyyə Nəcəf",
        "IR": """
        İsfahan Şiraz Məşhəd Qum Əhvaz Kərmanşah Kərəc Zəncan Həmədan Rəşt Bəndər-Abbas Buşehr Natanz Fordo Qəzvin Mazandaran
        Xuzistan Sistan Xoy Maku Mərənd Əraq Yəzd Kirman
        """,
        "IT": "Milan Neapol Turin Florensiya Bolonya Siciliya Genuya Palermo Bari Verona Triyest", "JO": "Amman",
        "JP": "Osaka Hirosima Xirosima Naqasaki Kioto Fukusima Okinava", "KE": "Nayrobi", "KG": "Oş Batken",
        "KP": "Pxenyan", "KR": "Pusan İnçxon", "KZ": "Astana Taraz Kostanay Pavlodar Aktau Şımkənd Türküstan Aktöbe Atırau Karaqanda Qaraqanda Aktyubinsk Baykonur",
        "LT": "Vilnüs Kaunas Klaypeda", "LV": "Riqa Daugavpils", "LY": "Tripoli Benqazi", "MA": "Rabat Kasablanka Mərakeş",
        "MD": "Kişinyov Tiraspol", "ME": "Podqoritsa", "MK": "Üsküb Skopye", "MN": "Ulan-Bator", "MX": "Mexiko Mexiko-Siti Akapulko",
        "MY": "Kuala-Lumpur", "NG": "Abuca Laqos", "NL": "Amsterdam Rotterdam Eyndhoven", "NO": "Oslo Bergen", "OM": "Məskət",
        "PH": "Manila", "PK": "İslamabad Karaçi Lahor Pişəvər Rəvəlpindi Kvetta", "PL": "Krakov Qdansk Lyublin Vrotslav Poznan Lodz",
        "PS": "Rəfah Xan-Yunis Ramallah Nablus Cenin", "PT": "Porto", "QA": "Doha", "RO": "Konstansa Brasov",
        "RS": "Novi-Sad Nış",
        "RU": """
        Kazan Soçi Yekaterinburq Novosibirsk Voronej Belqorod Kursk Bryansk Krasnodar Rostov Rostov-Don Saratov Samara Ufa Perm Çelyabinsk
        Vladiqafqaz Volqoqrad Vladivostok Kaluqa Tula Tver Murmansk Arxangelsk Omsk Tümen Surqut İrkutsk Krasnoyarsk Stavropol
        Kalininqrad Nalçik Maykop Elista Yaroslavl Ryazan İjevsk Tolyatti Xabarovsk Yakutsk Smolensk Pskov Lipetsk Penza Orenburq
        Ulyanovsk Tambov Vologda Kemerovo Tomsk Novorossiysk Taqanroq Magadan Yuqra Buynaksk Xasavyurt Nijnevartovsk Kamçatka Sibir
        Dağıstan Tatarıstan Başqırdıstan Kabardin-Balkar Şimali_Osetiya İnquşetiya Yakutiya Saxalin Lefortovo Valday Amur Primorye Sverdlovsk
        """,
        "SA": "Ciddə Mədinə", "SD": "Xartum Darfur", "SE": "Malmö Göteborq Upsala", "SK": "Bratislava",
        "SY": "İdlib Homs Hama Lazkiyyə Latakiya Tartus Rəqqə Süveyda Afrin Kobani Qamışlı", "TH": "Banqkok Pxuket Patayya",
        "TJ": "Xucənd", "TM": "Türkmənbaşı Avaza", "TN": "Tunis",
        "TR": """
        İstanbul İzmir Antalya Bursa Konya Adana İğdır Trabzon Samsun Diyarbəkir Qaziantep Hatay Kahramanmaraş Kayseri Mersin Muğla
        Bodrum Şanlıurfa Malatya Eskişehir Ərzincan Rize Sivas Mardin Kocaeli Sakarya Elazığ Ardahan Çanaqqala Ədirnə Bolu
        Kartalkaya Alanya Marmaris Fəthiyyə Kapadokya Adıyaman Balıkəsir Balıkesir
        """,
        "UA": """
        Odessa Lvov Donetsk Luqansk Xerson Mariupol Dnipro Dnepropetrovsk Zaporojye Sumı Çerniqov Poltava Nikolayev Vinnitsa
        Baxmut Bahmut Pokrovsk Kramatorsk Avdeyevka Avdiyivka Sevastopol Simferopol Kerç Kupyansk Toretsk Çasov-Yar Krivoy-Roq Jitomir
        Çernovtsı İvano-Frankovsk Ujqorod Ternopol Slavyansk Çernobıl Kremençuq Konotop Pavloqrad Kirovoqrad Melitopol Berdyansk Donbas
        """,
        "US": """
        Çikaqo Hyuston Mayami San-Fransisko Boston Filadelfiya Detroyt Sietl Dallas Atlanta Las-Veqas Denver Ostin Baltimor Hollivud
        Texas Kaliforniya Florida Alyaska Havay Minnesota Miçiqan Pensilvaniya Virciniya Arizona Nevada Ohayo Ayova
        Alabama Luiziana Oklahoma Kolorado Massaçusets İllinoys Oreqon Yuta Kentukki Tennessi Viskonsin Missuri Ankoric
        """,
        "UZ": "Buxara Nukus Əndican Fərqanə Namanqan Xivə Urgənc Tirmiz Qaraqalpaqıstan", "VE": "Karakas", "VN": "Hanoy Xanoy Hoşimin",
        "XK": "Priştina", "YE": "Səna Hodeyda Ədən", "ZA": "Yohannesburq Keyptaun Pretoriya Durban",
        # districts are called as their towns are
        "AZ": """
        Gəncə Sumqayıt Xırdalan Yevlax Mingəçevir Naxçıvan Lənkəran Lerik Şirvan Şəki Xaçmaz Göyçay Bərdə Şəmkir Ağcabədi
        Şamaxı Ağdam Cəlilabad İmişli Zaqatala Sabirabad İsmayıllı Siyəzən Ağdaş Hacıqabul Quba Qusar Tərtər Saatlı Göygöl
        Şuşa Kürdəmir Neftçala Beyləqan Astara Balakən Gədəbəy Culfa Xudat Qobustan Tovuz Ağstafa Qax Qəbələ Ordubad Daşkəsən
        Masallı Goranboy Naftalan Kəlbəcər Zərdab Zəngilan Qubadlı Ucar Xocalı Salyan Füzuli Qazax Cəbrayıl Xankəndi Laçın
        Xocavənd Ağdərə Əsgəran Hadrut Biləsuvar Şabran Yardımlı Samux Ağsu Oğuz Sədərək Şahbuz Babək Kəngərli Şərur Abşeron Binəqədi
        Nardaran Pirallahı Zığ Masazır Maştağa Mərdəkan Ələt Sanqaçal Horadiz Mincivan Suqovuşan Sarsəng Ağalı Zabux Daşaltı Xanlar
        Bakıxanov Sabunçu Suraxanı Xətai Nizami Yasamal Nərimanov Qaradağ Novxanı Zirə Bilgəh Buzovna Lökbatan Hövsan
        Səbail Nəsimi Əhmədli Qaraçuxur Biləcəri Göytəpə Şahdağ Tufandağ Xınalıq Lahıc İvanovka Qıraq_Kəsəmən
        """,
    },
    "tr": {
        "AE": "Dubai", "AZ": "Gence Şuşa Hankendi", "CH": "Davos Bern Lozan Basel", "DE": """
        Berlin Frankfurt Hamburg Köln Düsseldorf Stuttgart Dortmund Solingen Bremen Leipzig Hannover
        """, "ES": "Madrid Sevilla Bilbao Malaga",
        "AT": "Salzburg Graz", "AU": "Melbourne", "BE": "Gent", "BG": "Varna Burgaz", "BY": "Minsk", "CA": "Ottawa Toronto Montreal Vancouver",
        "EE": "Tallinn", "ET": "Addis_Ababa", "FI": "Helsinki", "FR": "Paris Lyon Lille Cannes Bordeaux Toulouse",
        "GB": "Manchester Liverpool Birmingham Edinburgh Glasgow Belfast Leeds", "GE": "Kutaisi", "HR": "Zagreb",
        "IL": "Tel_Aviv Eilat", "IN": "Mumbai", "IR": "İsfahan Ahvaz", "IT": "Palermo Verona", "JO": "Amman",
        "JP": "Tokyo Osaka", "KE": "Nairobi", "KP": "Pyongyang", "KR": "Busan", "KZ": "Astana", "LT": "Vilnius", "LV": "Riga", "MA": "Rabat",
        "ME": "Podgorica", "NG": "Abuja Lagos", "NL": "Amsterdam Rotterdam", "NO": "Oslo", "PK": "İslamabad", "PS": "Nablus",
        "QA": "Doha", "RU": """
        Soçi Kazan Belgorod Kursk Krasnodar Yekaterinburg Novosibirsk Vladivostok Derbent Samara Ufa Bryansk Kaliningrad Saratov
        """, "SA": "Riyad", "SD": "Darfur", "SE": "Stockholm Malmö", "SK": "Bratislava", "SY": "Şam İdlib Tartus", "TH": "Bangkok",
        "UA": "Odessa Odesa Donetsk Herson Dnipro Luhansk Mariupol Lviv", "US": """
        New_York Los_Angeles Chicago Houston Miami San_Francisco Boston Philadelphia Detroit Seattle Dallas Atlanta Las_Vegas Denver
        Florida Alaska
        """, "VN": "Hanoi", "YE": "Aden", "ZA": "Johannesburg Cape_Town",
        "TR": """
        Ankara Antalya Diyarbakır Trabzon Gaziantep Şanlıurfa Hatay Kahramanmaraş Kocaeli Afyonkarahisar Muğla Hakkari Şırnak
        Zonguldak Kastamonu Nevşehir Tekirdağ Kırklareli Eskişehir Balıkesir Çanakkale Elazığ Bursa Konya Adana Mersin Kayseri Samsun
        Malatya Erzurum Adıyaman Sivas Manisa Ordu Giresun Rize Artvin Kars Iğdır Ağrı Ardahan Bitlis Muş Tunceli Siirt Kilis Osmaniye
        Niğde Kırşehir Kırıkkale Yozgat Çorum Amasya Çankırı Bolu Düzce Bartın Karabük Bilecik Yalova Edirne Isparta Burdur Uşak Kütahya
        Gümüşhane Bayburt Erzincan Sinop Bodrum Marmaris Fethiye Alanya Kuşadası Çeşme Kadıköy Üsküdar Esenyurt Çankaya Cizre Nusaybin
        İskenderun Gebze Silivri Soma Elbistan Bandırma Kartalkaya Sakarya Van
        """,
    },
}
# Turkish spellings that cities.tsv lacks, which stand as such too
SPELT = {
    "AE": "Abu_Dabi", "AL": "Tiran", "CH": "Lozan Davos", "CY": "Girne Gazimağusa", "TR": "Hatay Kocaeli Ardahan Artvin Gümüşhane Bayburt Tunceli Bodrum Marmaris Kadıköy", "AU": "Sidney", "AZ": "Sumgayıt Zengilan Gence Şuşa Hankendi", "BA": "Srebrenitsa", "BE": "Anvers",
    "CN": "Vuhan", "DE": "Bavyera", "ES": "Barselona Valensiya Katalonya", "GB": "Oxford", "GR": "Gümülcine Girit Midilli",
    "ID": "Cakarta", "IL": "Hayfa", "IN": "Kalküta Keşmir", "IQ": "Süleymaniye Duhok Sincar Necef Basra",
    "IR": "Meşhed Şiraz Urumiye Kirmanşah Natanz Fordo Erdebil Kum", "IT": "Torino Bologna Sicilya Sardinya", "JP": "Hiroşima Nagazaki Fukuşima",
    "KG": "Oş", "KZ": "Almatı Almati Türkistan", "LY": "Misrata", "MA": "Kazablanka Marakeş", "MD": "Kişinev", "OM": "Maskat",
    "PK": "Lahor Peşaver", "PS": "Refah Ramallah Cenin Han_Yunus", "RU": "Soçi Rostov Grozni Mahaçkale Voronej Dağıstan Tataristan Çeçenistan",
    "SA": "Medine", "SY": "Humus Hama Lazkiye Deyrizor Kobani Afrin Münbiç Azez Kamışlı Süveyda Deyrezzor Resulayn Tel_Abyad",
    "UA": "Herson Kıyiv Harkov Zaporijya Zaporojye Bahmut Pokrovsk Sivastopol Sumi Çernobil Donbas Kramatorsk Kupyansk",
    "US": "Teksas Kaliforniya Pensilvanya Virjinya", "YE": "Sana Hudeyde",
}
# common words, given names and surnames too: only the form that tells where
WHERE_ONLY = {
    "az": {
        "Oğuz", "Babək", "Nizami", "Nərimanov", "Bakıxanov", "Xətai", "Xanlar", "Mədinə", "Qum",
        "Lion", "Nikolayev", "Rostov", "Bari", "Səna", "Əraq", "Sevan", "Bolu", "Sakarya", "Mardin",
        "Hama", "Poti", "Tunis", "Perm", "Kirman", "Şiraz", "Bergen", "Gent", "Lill", "Porto", "Bali", "Lids",
        "Oş", "Brest", "Tula", "Amur", "Belen", "Bordo", "Yuta", "Ostin", "Denver", "Sidney", "Boston", "Əhmədli", "Səbail", "Nəsimi", "Qardabani", "Talış",
        "Verona", "Virciniya", "Nevada", "Florida", "Arizona",
    },
    "tr": {"Medine"},
}
# a poet, a people, given names, the doer of a verb: all but the form without an ending
ENDED = {"az": {"Füzuli", "Qazax", "Cəbrayıl", "Laçın", "Salyan", "Şirvan"}, "tr": {"Süleymaniye", "Sana", "Hama", "Kum", "Refah", "Cenin", "Humus", "Midilli", "Tiran", "Sidney", "Türkistan"}}
# vowels of endings by the last vowel of the name: dative and locative, genitive and accusative
HARMONY = {"a": "aı", "ı": "aı", "o": "au", "u": "au", "e": "əi", "ə": "əi", "i": "əi", "ö": "əü", "ü": "əü"}
# letters behind which Turkish hardens the d of an ending
HARD = "fstkçşhp"


def endings(name, language):
    """Those that tell where, and the others, first the name as it stands."""
    small = name.replace("İ", "i").replace("I", "ı").lower()
    wide, narrow = HARMONY[[c for c in small if c in HARMONY][-1]]
    vowel = small[-1] in HARMONY
    y, n = ("y", "n") if vowel else ("", "")
    if language == "tr":
        wide, d = wide.replace("ə", "e"), "t" if small[-1] in HARD else "d"
        marked = lambda ends: [mark + end for mark in "'’" for end in ends]
        others = [n + narrow + "n", y + narrow, f"{d}{wide}ki"]
        return marked([d + wide, d + wide + "n", y + wide]), ["", *marked(others)]
    # "Nazir Bakıdadır"
    return ["d" + wide, "d" + wide + "n", y + wide, f"d{wide}d{HARMONY[wide][1]}r"], ["", n + narrow + "n", n + narrow, f"d{wide}k{HARMONY[wide][1]}"]


def kinds():
    """What Azerbaijani says behind a name that alone is no town's: "Nizami rayonunda"."""
    for kind in ("şəhər", "rayon", "vilayət", "ştat"):
        vowel = kind[-1] in HARMONY
        end = HARMONY[[c for c in kind if c in HARMONY][-1]][1]
        wide = HARMONY[end][0]
        own = kind + ("s" if vowel else "") + end
        yield own
        yield from (own + "n" + ending for ending in (end + "n", wide, end, "d" + wide, "d" + wide + "n", f"d{wide}k{HARMONY[wide][1]}"))


def countries(language):
    """Each country's forms that tell where; its name alone is also a town's or a woman's somewhere ("Panama", "Dominika")."""
    for line in open(f"{LEXICON}/places/countries.tsv"):
        cells = line.rstrip("\n").split("\t")
        name = next((cell[3:] for cell in cells[3:] if cell.startswith(f"{language}=")), None)
        if not name:
            continue
        # "Solomon Adaları'nda": behind a possessive the endings begin with n
        owned = name.split()[-1].lower().startswith(("cumhuriyeti", "ada", "toprakları", "bölgesi", "respublikası")) and " " in name
        where = endings(name, language)[0]
        if owned:
            where = [form.replace("'", "'n").replace("’", "’n").replace("ny", "n") if language == "tr" else "n" + form.lstrip("y") for form in where]
        yield cells[0], [name + end for end in where]


def main(language):
    rows = [(code, name.replace("_", " ")) for code, names in NAMES[language].items() for name in names.split()]
    for row in csv.reader(open(f"{LEXICON}/places/exonyms.tsv"), delimiter="\t", quoting=csv.QUOTE_NONE):
        if len(row) == 4 and row[2] == language:
            rows += [(row[1], name) for name in row[3].split("|")]
    spelt = [(code, name.replace("_", " ")) for code, names in SPELT.items() for name in names.split() if language == "tr"]
    print("# Towns in their cases: code, - for the forms that tell where or @region for the others, forms parted by \"|\".")
    print("# Written by config/lexicon/generate/turkic_places.py, which names the sources; not edited by hand.")
    done = set()
    for code, name in rows + spelt:
        if name in done:
            continue
        done.add(name)
        where, others = endings(name, language)
        if name in WHERE_ONLY[language]:
            where, others = where[::3], []
        elif name in ENDED[language]:
            others = others[1:]
        elif language == "tr" and (code, name) not in spelt:
            others = others[1:]
        print(code, "-", "|".join(name + end for end in where), sep="\t")
        if others:
            print(code, "@region", "|".join(name + end for end in others), sep="\t")
        if language == "az" and name in WHERE_ONLY[language] | ENDED[language]:
            print(code, "@region", "|".join(f"{name} {kind}" for kind in kinds()), sep="\t")


    for code, forms in countries(language):
        print(code, "-", "|".join(forms), sep="\t")


if __name__ == "__main__":
    main(sys.argv[1])
