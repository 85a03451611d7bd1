#!/usr/bin/env python3
"""Writes config/lexicon/languages/XX/forms_adjectives.tsv: adjectives and inhabitants of towns, and of countries that adjectives.tsv
lacks or whose stem another word has, in their cases.

usage, from the project's root: pip install pymorphy3 pymorphy3-dicts-ru pymorphy3-dicts-uk
       town_adjectives.py ru|uk|hy > config/lexicon/languages/XX/forms_adjectives.tsv

The words are written by hand here; a word that the dictionary (OpenCorpora's and VESUM's, by pymorphy3, MIT) does not know is
named on standard error, to be read again. Words with another usual meaning are left out ("римский", of the Pope, "кубинка", a
town), or stand with a capital, so that they count only where they have one ("Полька", no dance).
"""
import sys

# country; the town's English name as in cities.tsv, "-" for the country itself; words
TABLE = {
    "ru": """
AD - андоррский андоррец
AE - эмиратский
AG - антигуанский
AO - ангольский
BB - барбадосский барбадосец
BF - буркинийский буркиниец
BI - бурундийский бурундиец
BJ - бенинский бенинец
BN - брунейский брунеец
BS - багамский багамец
BT - бутанский бутанец
BW - ботсванский ботсванец
BZ - белизский белизец
CF - центральноафриканский
CG - конголезец
CI - ивуарийский ивуариец
CV - кабовердианский
DJ - джибутийский джибутиец
ER - эритрейский эритреец
FJ - фиджийский фиджиец
GA - габонец
GD - гренадский гренадец
GL - гренландец
GM - гамбиец
GN - гвинеец
GW - бисауский
GY - гайанский гайанец
KM - коморский коморец
KH - камбоджиец
KW - кувейтец
LA - лаосец
LC - сентлюсийский
LR - либерийский либериец
LS - лесотский
MC - монегаск
MG - мадагаскарец
ML - малиец
MR - мавританский мавританец
MT - мальтийский мальтиец
MU - маврикийский маврикиец
MV - мальдивский мальдивец
MW - малавийский малавиец
MZ - мозамбикец
NA - намибийский намибиец
NE - нигерец
NR - науруанский
NZ - новозеландец
OM - оманец
PA - панамец
PG - папуасский
PY - парагваец
RW - руандиец
SC - сейшельский сейшелец
SL - сьерралеонский
SM - санмаринский санмаринец
SR - суринамский суринамец
SV - сальвадорский сальвадорец
SZ - эсватинский
TD - чадец
TG - тоголезец
TO - тонганский тонганец
TT - тринидадский тринидадец
TZ - танзанийский танзаниец
UG - угандиец
WS - самоанский самоанец
ZM - замбиец
ZW - зимбабвиец
LK - шри-ланкийский шриланкийский ланкийский шриланкиец
MT - мальтийка
RU - россиянка
UA - украинка
DE - немка
FR - француженка
GB - британка англичанка шотландка
US - американка
CN - китаянка
JP - японка
IT - итальянка
CA - канадка
SE - шведка
TR - турчанка
AM - армянка
AZ - азербайджанка
GE - грузинка
KZ - казашка казахстанка
KZ - казахстанец
UZ - узбечка узбекистанка узбекистанец
KG - кыргызстанец кыргызстанка киргизка
TJ - таджичка таджикистанец
TM - туркменка туркменистанец
BY - белоруска
IL - израильтянка
BR - бразильянка
AR - аргентинка
MX - мексиканка
EG - египтянка
IR - иранка
IN - индианка
KR - южнокореец южнокореянка
KP - северокореец
NO - норвежка
DK - датчанка
GR - гречанка
RO - румынка
RS - сербка
HR - хорватка
EE - эстонка
LV - латышка латвийка латвиец
LT - литовка
KE - кенийка
ET - эфиопка
NG - нигерийка
AU - австралийка
AT - австрийка
BE - бельгийка
CH - швейцарка
PT - португалка
PS - палестинка
SY - сирийка
LB - ливанка
HU - Венгерка
PL - Полька
CZ - Чешка
FI - Финка
BG - Болгарка
SK - словачка
SI - словенка словенец
MD - молдаванка
CO - колумбийка
TH - таиландец таиландка
AL - албанка
ME - черногорка черногорец
RU Moscow московский москвич москвичка
RU Saint_Petersburg петербургский санкт-петербургский петербуржец петербурженка
RU Novosibirsk новосибирский новосибирец
RU Yekaterinburg екатеринбургский свердловский екатеринбуржец
RU Nizhniy_Novgorod нижегородский нижегородец
RU Kazan казанский
RU Chelyabinsk челябинский челябинец
RU Samara самарский
RU Omsk омский омич
RU Rostov-on-Don ростовский ростовчанин
RU Ufa уфимский уфимец
RU Krasnoyarsk красноярский
RU Voronezh воронежский
RU Perm пермский
RU Volgograd волгоградский
RU Krasnodar краснодарский краснодарец
RU Saratov саратовский
RU Tyumen тюменский тюменец
RU Irkutsk иркутский
RU Vladivostok владивостокский
RU Khabarovsk хабаровский хабаровчанин
RU Yakutsk якутский
RU Tver тверской
RU Ryazan' рязанский
RU Yaroslavl ярославский
RU Vologda вологодский
RU Arkhangel'sk архангельский
RU Murmansk мурманский мурманчанин
RU Pskov псковский
RU Kaliningrad калининградский калининградец
RU Kursk курский
RU Belgorod белгородский
RU Bryansk брянский
RU Smolensk смоленский
RU Kaluga калужский
RU Sochi сочинский сочинец
RU Tomsk томский томич
RU Tula тульский
RU Barnaul барнаульский
RU Kemerovo кемеровский
RU Orenburg оренбургский
RU Penza пензенский
RU Astrakhan астраханский
RU Ulyanovsk ульяновский
RU Petrozavodsk петрозаводский
RU Makhachkala махачкалинский
UA Kyiv киевский киевлянин киевлянка
UA Kharkiv харьковский харьковчанин харьковчанка
UA Odesa одесский одессит одесситка
UA Lviv львовский львовянин
UA Zaporizhzhya запорожский
UA Luhansk луганский
UA Kherson херсонский
UA Poltava полтавский
UA Chernihiv черниговский
UA Vinnytsya винницкий
UA Mariupol мариупольский
UA Sumy сумский
UA Sevastopol севастопольский севастополец
UA Simferopol симферопольский
BY Minsk минский минчанин минчанка
BY Brest брестский
BY Homyel' гомельский
BY Vitebsk витебский
MD Chisinau кишинёвский кишиневский
AZ Baku бакинский бакинец
AZ Ganja гянджинский
AZ Sumgayit сумгаитский
AZ Naxçıvan нахичеванский
AM Yerevan ереванский ереванец
AM Gyumri гюмрийский
GE Tbilisi тбилисский тбилисец
GE Batumi батумский
GE Kutaisi кутаисский
KZ Almaty алматинский алма-атинский алматинец
KZ Astana астанинский
KZ Shymkent шымкентский
KZ Karagandy карагандинский
UZ Tashkent ташкентский ташкентец
UZ Samarkand самаркандский
KG Bishkek бишкекский бишкекчанин
TJ Dushanbe душанбинский
TM Ashgabat ашхабадский
LT Vilnius вильнюсский
LV Riga рижский рижанин рижанка
EE Tallinn таллинский таллиннский
PL Warsaw варшавский
PL Kraków краковский
CZ Prague пражский пражанин
SK Bratislava братиславский
HU Budapest будапештский
RO Bucharest бухарестский
RS Belgrade белградский
HR Zagreb загребский
GR Athens афинский
TR Istanbul стамбульский
TR Ankara анкарский
DE Berlin берлинский берлинец
DE Munich мюнхенский
DE Hamburg гамбургский
DE Frankfurt_am_Main франкфуртский
DE Dresden дрезденский
FR Paris парижский парижанин парижанка
FR Marseille марсельский
FR Lyon лионский
FR Strasbourg страсбургский
GB London лондонский лондонец
GB Manchester манчестерский
GB Liverpool ливерпульский
GB Edinburgh эдинбургский
IE Dublin дублинский
ES Madrid мадридский
ES Barcelona барселонский
PT Lisbon лиссабонский
IT Milan миланский
IT Naples неаполитанский
IT Turin туринский
IT Venice венецианский
CH Geneva женевский
CH Zürich цюрихский
BE Brussels брюссельский
NL Amsterdam амстердамский
NL Rotterdam роттердамский
DK Copenhagen копенгагенский
SE Stockholm стокгольмский
CN Beijing пекинский
JP Tokyo токийский
KR Seoul сеульский
KP Pyongyang пхеньянский
TH Bangkok бангкокский
VN Hanoi ханойский
EG Cairo каирский
IR Tehran тегеранский
IQ Baghdad багдадский
LB Beirut бейрутский
IL Jerusalem иерусалимский
AF Kabul кабульский
US Washington вашингтонский
US New_York_City нью-йоркский
US Boston бостонский
US Chicago чикагский
US Los_Angeles лос-анджелесский
AU Sydney сиднейский
AU Melbourne мельбурнский
CA Toronto торонтский
""",
    "uk": """
AD - андоррський андоррець
AE - еміратський еміратець
AO - ангольський анголець
BB - барбадоський барбадосець
BD - бангладеський бангладешець
BF - буркінійський
BH - бахрейнський бахрейнець
BI - бурундійський бурундієць
BJ - бенінський бенінець
BN - брунейський
BO - болівійський болівієць
BS - багамський
BT - бутанський
BW - ботсванський
BZ - белізький
CD - конголезький конголезець
CI - івуарійський івуарієць
CM - камерунський камерунець
CR - костариканський костариканець
DJ - джибутійський
DO - домініканський домініканець
ER - еритрейський еритреєць
FJ - фіджійський фіджієць
GA - габонський габонець
GH - ганський ганець
GL - гренландський гренландець
GM - гамбійський гамбієць
GN - гвінейський гвінеєць
GT - гватемальський гватемалець
GY - гаянський
HK - гонконзький гонконгський гонконгець
HN - гондураський гондурасець
HT - гаїтянський гаїтянин
JM - ямайський ямаєць
KH - камбоджійський камбоджієць
KM - коморський
KW - кувейтський кувейтець
LA - лаоський лаосець
LI - ліхтенштейнський
LK - шрі-ланкійський шриланкійський ланкійський
LR - ліберійський ліберієць
LU - люксембурзький
MG - мадагаскарський
ML - малійський малієць
MM - м'янманський
MR - мавританський
MT - мальтійський мальтієць
MU - маврикійський
MV - мальдівський
MW - малавійський малавієць
MY - малайзійський малайзієць
MZ - мозамбіцький
NA - намібійський намібієць
NI - нікарагуанський
OM - оманський
PA - панамський панамець
PY - парагвайський парагваєць
QA - катарський катарець
RW - руандійський руандієць
SC - сейшельський
SG - сінгапурський сінгапурець
SN - сенегальський сенегалець
SR - суринамський
SV - сальвадорський сальвадорець
TD - чадський чадець
TG - тоголезький
TT - тринідадський
TZ - танзанійський танзанієць
UG - угандійський угандієць
UY - уругвайський уругваєць
VA - ватиканський
WS - самоанський
ZM - замбійський замбієць
ZW - зімбабвійський зімбабвієць
BG - болгарин
KR - південнокореєць південнокореянка
AM - вірменин вірменка
UA - українка
RU - росіянка
DE - німкеня
FR - француженка
GB - британка англійка шотландка
US - американка
CN - китаянка
JP - японка
IT - італійка
ES - іспанка
HU - угорка
CA - канадка
SE - шведка
TR - туркеня
AZ - азербайджанка
GE - грузинка
KZ - казашка
BY - білоруска
IL - ізраїльтянка
BR - бразилійка
PL - Полька
CZ - Чешка
SK - словачка
RO - румунка
LT - литовка
LV - латишка
EE - естонка
NO - норвежка
CH - швейцарка
MD - молдованка
GR - грекиня
RU Moscow московський москвич
RU Saint_Petersburg петербурзький санкт-петербурзький
RU Belgorod бєлгородський
RU Kursk курський
RU Rostov-on-Don ростовський
RU Bryansk брянський
RU Voronezh воронезький
UA Kyiv київський киянин киянка
UA Kharkiv харківський харків'янин харків'янка
UA Odesa одеський одесит одеситка
UA Lviv львівський львів'янин львів'янка
UA Dnipro дніпровський дніпрянин
UA Zaporizhzhya запорізький запоріжець
UA Luhansk луганський
UA Donetsk донецький
UA Kherson херсонський херсонець
UA Poltava полтавський полтавець
UA Chernihiv чернігівський чернігівець
UA Cherkasy черкаський черкащанин
UA Chernivtsi чернівецький чернівчанин
UA Vinnytsya вінницький вінничанин
UA Zhytomyr житомирський житомирянин
UA Rivne рівненський рівнянин
UA Lutsk луцький лучанин
UA Ternopil тернопільський тернополянин
UA Ivano-Frankivsk івано-франківський
UA Uzhhorod ужгородський ужгородець
UA Mykolayiv миколаївський миколаївець
UA Sumy сумський сумчанин
UA Mariupol маріупольський маріуполець
UA Kremenchuk кременчуцький
UA Kramatorsk краматорський
UA Bakhmut бахмутський
UA Sevastopol севастопольський
BY Minsk мінський мінчанин
MD Chisinau кишинівський
AZ Baku бакинський бакинець
AM Yerevan єреванський єреванець
GE Tbilisi тбіліський
GE Batumi батумський
KZ Almaty алматинський
UZ Tashkent ташкентський
LT Vilnius вільнюський
LV Riga ризький рижанин
EE Tallinn талліннський
PL Warsaw варшавський варшав'янин
PL Kraków краківський
CZ Prague празький пражанин
SK Bratislava братиславський
HU Budapest будапештський
RO Bucharest бухарестський
RS Belgrade белградський
HR Zagreb загребський
GR Athens афінський
TR Istanbul стамбульський
DE Berlin берлінський берлінець
DE Munich мюнхенський
DE Hamburg гамбурзький
FR Paris паризький парижанин парижанка
FR Strasbourg страсбурзький
GB London лондонський лондонець
GB Manchester манчестерський
GB Liverpool ліверпульський
IE Dublin дублінський
ES Madrid мадридський
ES Barcelona барселонський
PT Lisbon лісабонський
IT Milan міланський
IT Naples неаполітанський
IT Turin туринський
IT Venice венеційський
CH Geneva женевський
CH Zürich цюрихський
BE Brussels брюссельський
NL Amsterdam амстердамський
DK Copenhagen копенгагенський
SE Stockholm стокгольмський
CN Beijing пекінський
JP Tokyo токійський
KR Seoul сеульський
EG Cairo каїрський
IR Tehran тегеранський
IQ Baghdad багдадський
IL Jerusalem єрусалимський
US Washington вашингтонський
US New_York_City нью-йоркський
US Boston бостонський
US Chicago чиказький
AU Sydney сіднейський
""",
    "hy": """
AO - անգոլական
BH - բահրեյնյան
CD - կոնգոյական
CM - կամերունյան կամերունցի
CR - կոստառիկական
DO - դոմինիկյան
EC - էկվադորյան
ER - էրիթրեական
GA - գաբոնյան
GH - գանայի գանացի
GN - գվինեական
HT - հայիթական հայիթցի
JM - յամայկական յամայկացի
KH - կամբոջական
KW - քուվեյթցի
LR - լիբերիական
LU - լյուքսեմբուրգյան
ML - մալիական
MM - մյանմարական
MN - մոնղոլացի
MT - մալթական մալթացի
MY - մալայզիական
NP - նեպալական նեպալցի
PA - պանամական
PY - պարագվայական
QA - կատարցի
RW - ռուանդական
SG - սինգապուրյան
SN - սենեգալյան սենեգալցի
SO - սոմալիական
TZ - տանզանական
UG - ուգանդական
UY - ուրուգվայական ուրուգվայցի
ZM - զամբիական
ZW - զիմբաբվեական
XK - կոսովյան
RU - ռուսաստանցի մոսկվացի
RU Moscow մոսկովյան
RU Saint_Petersburg պետերբուրգյան
AM Yerevan երևանյան երեւանյան երևանցի երեւանցի
AM Gyumri գյումրեցի
AM Vanadzor վանաձորցի
AZ Baku բաքվեցի
GE Tbilisi թբիլիսյան թբիլիսցի
UA Kyiv կիևյան կիեւյան կիևցի
UA Odesa օդեսացի
BY Minsk մինսկյան
FR Paris փարիզյան փարիզցի
GB London լոնդոնյան լոնդոնցի
DE Berlin բեռլինյան
CH Geneva ժնևյան ժնեւյան
BE Brussels բրյուսելյան
US Washington վաշինգտոնյան
US New_York_City նյույորքյան նյույորքցի
TR Istanbul ստամբուլյան ստամբուլցի
IR Tehran թեհրանյան
CN Beijing պեկինյան
LB Beirut բեյրության
SY Aleppo հալեպցի
GR Athens աթենական
ES Madrid մադրիդյան
""",
}

RU_ADJECTIVE = "ий ого ому им ом ая ой ую ое ие их ими"
UK_ADJECTIVE = "ий ого ому им ім а ої ій у ою е і их ими"


def ru(word):
    if word.endswith("ской"):
        return [word[:-2] + e for e in "ой ого ому им ом ая ую ое ие их ими".split()]
    if word.endswith("ский"):
        return [word[:-2] + e for e in RU_ADJECTIVE.split()]
    if word.endswith(("анин", "янин")):
        return [word + e for e in ("", "а", "у", "ом", "е")] + [word[:-2] + e for e in ("е", "", "ам", "ами", "ах")]
    if word.endswith("ец"):
        stem = word[:-2] + ("й" if word[-3] in "аеиоуы" else "")
        return [word] + [stem + "ц" + e for e in ("а", "у", "ем", "е", "ы", "ев", "ам", "ами", "ах")]
    if word.endswith("ка"):
        stem = word[:-2]
        few = "ек" if stem[-1] in "жшч" else None if stem[-1] == "й" else "ок"
        many = [stem + few] if few else [stem[:-1] + "ек"]
        return [stem + "к" + e for e in ("а", "и", "е", "у", "ой", "ам", "ами", "ах")] + many
    end = "ем" if word[-1] in "ч" else "ом"
    return [word + e for e in ("", "а", "у", end, "е", "и" if word[-1] in "чк" else "ы", "ей" if word[-1] == "ч" else "ов", "ам", "ами", "ах")]


def uk(word):
    if word.endswith(("ський", "цький", "зький")):
        return [word[:-2] + e for e in UK_ADJECTIVE.split()]
    if word.endswith("ин"):
        return [word + e for e in ("", "а", "у", "ові", "ом", "і")] + [word[:-2] + e for e in ("и", "", "ам", "ами", "ах")]
    if word.endswith(("ець", "єць")):
        stem = word[:-3] + ("й" if word.endswith("єць") else "")
        return [word] + [stem + "ц" + e for e in ("я", "ю", "еві", "ем", "і", "ів", "ям", "ями", "ях")]
    if word.endswith("ка"):
        stem = word[:-2]
        many = stem[:-1] + "йок" if stem[-1] == "й" else stem + "ок"
        return [stem + e for e in ("ка", "ки", "ці", "ку", "кою", "кам", "ками", "ках")] + [many]
    if word.endswith(("кеня", "киня")):
        return [word[:-1] + e for e in ("я", "і", "ю", "ею", "ь", "ям", "ями", "ях")]
    return [word + e for e in ("", "а", "у", "ем" if word[-1] == "ч" else "ом", "і", "и" if word[-1] != "ч" else "і", "ів", "ам", "ами", "ах")]


def hy(word):
    """The cases of an adjective used as a noun, or of a person."""
    if word.endswith("ի"):
        return [word] + [word + e for e in ("ն", "ներ", "ները", "ներն", "ների", "ներին", "ներից", "ներով")] + [
            word[:-1] + e for e in ("ու", "ուն", "ուց", "ուհի", "ուհին", "ուհու", "ուհուն")]
    return [word]


def spellings(form):
    return [form.replace("'", mark) for mark in "'’ʼ"] if "'" in form else [form]


def main():
    language = sys.argv[1]
    inflect = {"ru": ru, "uk": uk, "hy": hy}[language]
    known = lambda word: True
    if language != "hy":
        import pymorphy3
        known = pymorphy3.MorphAnalyzer(lang=language).word_is_known
    print("# Adjectives and inhabitants of towns, and of countries that adjectives.tsv lacks: code, what is named, forms parted by \"|\".")
    print("# Written by config/lexicon/generate/town_adjectives.py; not edited by hand.")
    for line in TABLE[language].strip().splitlines():
        code, town, *words = line.split()
        forms = []
        for word in words:
            if not known(word.lower()):
                print("not in the dictionary:", code, word, file=sys.stderr)
            forms += [s for form in inflect(word) for s in spellings(form)]
        what = "@adjective" if town == "-" else "@adjective " + town.replace("_", " ")
        print(code, what, "|".join(dict.fromkeys(forms)), sep="\t")


main()
