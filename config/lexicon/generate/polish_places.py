#!/usr/bin/env python3
"""Writes config/lexicon/languages/pl/forms.tsv: countries, towns, adjectives and inhabitants in all Polish cases.

usage, from the project's root: pip install babel morfeusz2 wordfreq; polish_places.py > config/lexicon/languages/pl/forms.tsv

Names of countries come from CLDR (through Babel, Unicode licence) and from the tables here, cases from SGJP's dictionary
(Morfeusz, 2-clause BSD), towns from cities.tsv and from the table of Polish names here. A town is left out if its name
is another word or a person's name as well: the dictionary tells what a word can be, wordfreq (Apache 2.0) how common it
is. Forms are matched as they stand, in Polish texts alone.
"""
import functools
import re
import sys

import morfeusz2
from babel import Locale
from wordfreq import zipf_frequency

PLACES = "config/lexicon/places/"
CASES = ("gen", "dat", "acc", "inst", "loc")
# thousand inhabitants: towns of Poland, towns elsewhere
HOME, ABROAD = 8, 150
# of a million words, as a logarithm: a word that is no name and commoner than this is not taken for a town
COMMON = 2.2

# What CLDR calls otherwise than papers do, and names of several words: "." stands behind a word that has no cases here.
NAMES = {
    "US": "Stany Zjednoczone|Stany Zjednoczone Ameryki.|USA.", "GB": "Wielka Brytania|Zjednoczone. Królestwo.|Zjednoczonego. Królestwa.|Zjednoczonym. Królestwem.|Zjednoczonym. Królestwie.|Brytania|Wyspy Brytyjskie|Anglia|Szkocja|Walia|Kornwalia|Irlandia Północna|Ulster",
    "DE": "Niemcy|RFN.|NRD.", "RU": "Rosja|Federacja Rosyjska|ZSRR.|Związek Radziecki|Związek Sowiecki", "CZ": "Czechy|Republika Czeska|Czechosłowacja",
    "KR": "Korea Południowa|Republika Korei.", "KP": "Korea Północna|KRLD.", "CN": "Chiny|ChRL.|Chińska Republika Ludowa", "ZA": "Republika Południowej. Afryki.|RPA.|Południowa Afryka",
    "AE": "Zjednoczone Emiraty Arabskie|Emiraty Arabskie|ZEA.|Emiraty", "SA": "Arabia Saudyjska", "BA": "Bośnia i. Hercegowina|Bośnia", "MK": "Macedonia Północna|Macedonia",
    "PL": "Polska|Rzeczpospolita Polska|RP.", "VA": "Watykan|Stolica Apostolska", "CD": "Demokratyczna Republika Konga.|Demokratyczna Republika Kongo.|Kongo.", "CG": "Republika Konga.",
    "CI": "Wybrzeże Kości. Słoniowej.", "NZ": "Nowa Zelandia", "PG": "Papua-Nowa. Gwinea.|Papua Nowa Gwinea", "LK": "Sri Lanka", "SL": "Sierra Leone.", "SV": "Salwador", "DO": "Dominikana|Republika Dominikańska",
    "CF": "Republika Środkowoafrykańska", "GQ": "Gwinea Równikowa", "BF": "Burkina Faso.", "TT": "Trynidad i. Tobago.", "CR": "Kostaryka", "CV": "Republika Zielonego. Przylądka.", "TL": "Timor Wschodni",
    "MM": "Mjanma|Birma", "NL": "Holandia|Niderlandy", "BY": "Białoruś", "MD": "Mołdawia|Mołdowa|Naddniestrze", "UA": "Ukraina|Krym|Donbas", "GE": "Gruzja|Abchazja|Osetia Południowa", "AZ": "Azerbejdżan|Górski Karabach|Karabach",
    "SS": "Sudan Południowy", "XK": "Kosowo", "PS": "Palestyna|Autonomia Palestyńska|Strefa Gazy.|Zachodni Brzeg", "TW": "Tajwan", "HK": "Hongkong", "MO": "Makau.", "FO": "Wyspy Owcze.|Wysp Owczych.|Wyspach Owczych.|Wyspom Owczym.", "GL": "Grenlandia",
    "GI": "Gibraltar", "PR": "Portoryko.", "SZ": "Eswatini.|Suazi.", "BN": "Brunei.", "AG": "Antigua i. Barbuda.", "KN": "Saint Kitts. i. Nevis.", "VC": "Saint Vincent. i. Grenadyny.", "LC": "Saint Lucia.",
    "ST": "Wyspy Świętego. Tomasza. i. Książęca.", "MH": "Wyspy Marshalla.", "SB": "Wyspy Salomona.", "IM": "Wyspa Man.", "FK": "Falklandy", "EH": "Sahara Zachodnia", "NC": "Nowa Kaledonia", "PF": "Polinezja Francuska",
    "KY": "Kajmany", "BM": "Bermudy", "RS": "Serbia|Jugosławia", "TR": "Turcja", "IL": "Izrael", "VN": "Wietnam", "KG": "Kirgistan|Kirgizja", "KZ": "Kazachstan", "UZ": "Uzbekistan", "TJ": "Tadżykistan", "TM": "Turkmenistan",
    "PH": "Filipiny", "ID": "Indonezja", "SY": "Syria", "YE": "Jemen", "FR": "Francja", "AT": "Austria", "LV": "Łotwa", "LT": "Litwa", "EE": "Estonia",
    "CY": "Cypr", "DZ": "Algieria", "GF": "Gujana Francuska", "GY": "Gujana", "BS": "Bahamy", "MV": "Malediwy", "SC": "Seszele", "KM": "Związek Komorów.", "DM": "Wspólnota Dominiki.", "ES": "Hiszpania|Katalonia", "NE": "Niger", "TD": "Czad", "QA": "Katar",
    "IT": "Włochy|Włoszech.|Italia", "GR": "Grecja", "IE": "Irlandia", "DK": "Dania", "JP": "Japonia", "IN": "Indie", "TH": "Tajlandia",
}
SEATS = {"RU": "Kreml|Duma Państwowa", "US": "Biały Dom|Pentagon|Departament Stanu.|Kapitol|Kongres USA.", "UA": "Rada Najwyższa", "PL": "Sejm|Belweder", "DE": "Bundestag|Bundesrat", "FR": "Pałac Elizejski", "IL": "Kneset", "GB": "Izba Gmin.|Izba Lordów.|Downing. Street."}
REGIONS = {"DE": "Bawaria|Saksonia|Nadrenia|Brandenburgia|Badenia-Wirtembergia.|Turyngia|Hesja|Dolna Saksonia", "PL": "Mazowsze|Pomorze|Małopolska|Wielkopolska|Podlasie|Podkarpacie|Lubelszczyzna|Śląsk|Dolny Śląsk|Górny Śląsk|Podhale|Kaszuby|Mazury|Warmia",
           "US": "Kalifornia|Teksas|Floryda|Alaska|Hawaje|Arizona|Nevada.|Kolorado.|Pensylwania|Luizjana|Wirginia|Karolina Północna|Karolina Południowa|Waszyngton DC.", "RU": "Czeczenia|Syberia|Kamczatka|Tatarstan|Dagestan|Inguszetia|Baszkiria|Kałmucja",
           "IT": "Toskania|Lombardia|Sycylia|Sardynia|Piemont|Kalabria|Apulia", "FR": "Bretania|Normandia|Prowansja|Alzacja|Lotaryngia|Korsyka|Burgundia|Szampania", "ES": "Andaluzja|Aragonia", "CN": "Tybet|Sinciang",
           "CA": "Ontario.|Kolumbia Brytyjska|Nowa Szkocja", "AU": "Tasmania|Nowa Południowa Walia", "UA": "Wołyń|Zakarpacie", "IN": "Kaszmir|Pendżab", "CZ": "Morawy"}
SEATS["GB"] = "Izba Gmin.|Izba Lordów.|Downing. Street."

# Adjective; man, woman. Adjectives of several countries are left out.
PEOPLE = """
PL polski,nadwiślański,warszawski,krakowski,gdański,wrocławski,poznański Polak Polka
DE niemiecki,zachodnioniemiecki,wschodnioniemiecki,bawarski,berliński,monachijski,saksoński Niemiec Niemka Bawarczyk
RU rosyjski,radziecki,sowiecki,czeczeński,syberyjski,moskiewski,petersburski,biełgorodzki,kurski,briański,rostowski,kaliningradzki,woroneski Rosjanin Rosjanka Czeczen Czeczenka
UA ukraiński,krymski,kijowski,charkowski,odeski,lwowski,doniecki,ługański,zaporoski,chersoński,dniepropetrowski,sumski,mikołajowski,połtawski,czernihowski Ukrainiec Ukrainka
BY białoruski Białorusin Białorusinka
US amerykański,kalifornijski,teksański,nowojorski,waszyngtoński Amerykanin Amerykanka Teksańczyk
GB brytyjski,angielski,szkocki,walijski,północnoirlandzki,londyński Brytyjczyk Brytyjka Anglik Angielka Szkot Szkotka Walijczyk Walijka
FR francuski,korsykański,paryski Francuz Francuzka Korsykanin
IT włoski,sycylijski,toskański,mediolański,neapolitański Włoch Włoszka Sycylijczyk
ES hiszpański,kataloński,baskijski,madrycki Hiszpan Hiszpanka Katalończyk Bask
PT portugalski Portugalczyk Portugalka
NL holenderski,niderlandzki Holender Holenderka
BE belgijski,flamandzki,waloński Belg Belgijka Flamand Walon
LU luksemburski Luksemburczyk
CH szwajcarski Szwajcar Szwajcarka
AT austriacki,tyrolski,wiedeński Austriak Austriaczka
CZ czeski,czechosłowacki,morawski Czech Czeszka
SK słowacki Słowak Słowaczka
HU węgierski,budapeszteński Węgier Węgierka
RO rumuński Rumun Rumunka
BG bułgarski Bułgar Bułgarka
GR grecki Grek Greczynka
CY cypryjski Cypryjczyk Cypryjka
TR turecki,stambulski Turek Turczynka
RS serbski,jugosłowiański Serb Serbka
HR chorwacki Chorwat Chorwatka
SI słoweński Słoweniec Słowenka
BA bośniacki Bośniak Bośniaczka
ME czarnogórski Czarnogórzec
MK macedoński,północnomacedoński Macedończyk Macedonka
AL albański Albańczyk Albanka
XK kosowski Kosowianin
MD mołdawski,naddniestrzański Mołdawianin Mołdawianka
LT litewski,wileński Litwin Litwinka
LV łotewski Łotysz Łotyszka
EE estoński Estończyk Estonka
FI fiński Fin Finka
SE szwedzki Szwed Szwedka
NO norweski Norweg Norweżka
DK duński Duńczyk Dunka
IS islandzki Islandczyk Islandka
IE irlandzki Irlandczyk Irlandka
MT maltański Maltańczyk
GE gruziński,abchaski Gruzin Gruzinka Abchaz
AM armeński,ormiański Ormianin Ormianka
AZ azerbejdżański,azerski Azerbejdżanin Azer
KZ kazachski,kazachstański Kazach Kazaszka
UZ uzbecki Uzbek Uzbeczka
KG kirgiski Kirgiz
TJ tadżycki Tadżyk
TM turkmeński Turkmen
MN mongolski Mongoł
CN chiński,tybetański,pekiński,szanghajski Chińczyk Chinka Tybetańczyk Ujgur
TW tajwański Tajwańczyk Tajwanka
JP japoński,tokijski Japończyk Japonka
KR południowokoreański
KP północnokoreański
IN indyjski,hinduski Hindus Hinduska
PK pakistański Pakistańczyk
AF afgański Afgańczyk Afganka
BD bangladeski
LK lankijski Lankijczyk
NP nepalski Nepalczyk
MM birmański Birmańczyk
TH tajski,tajlandzki Taj
VN wietnamski Wietnamczyk Wietnamka
KH kambodżański Kambodżanin
LA laotański
MY malezyjski Malezyjczyk
SG singapurski
ID indonezyjski Indonezyjczyk
PH filipiński Filipińczyk Filipinka
AU australijski Australijczyk Australijka
NZ nowozelandzki Nowozelandczyk
IR irański,teherański Irańczyk Iranka
IQ iracki Irakijczyk
SY syryjski Syryjczyk Syryjka
LB libański Libańczyk
IL izraelski,jerozolimski Izraelczyk Izraelka
PS palestyński Palestyńczyk Palestynka
JO jordański Jordańczyk
SA saudyjski Saudyjczyk
YE jemeński Jemeńczyk
OM omański Omańczyk
AE emiracki
QA katarski Katarczyk
KW kuwejcki Kuwejtczyk
BH bahrajński
EG egipski Egipcjanin Egipcjanka
LY libijski Libijczyk
TN tunezyjski Tunezyjczyk
DZ algierski Algierczyk
MA marokański Marokańczyk
SD sudański Sudańczyk
ET etiopski Etiopczyk
ER erytrejski
SO somalijski Somalijczyk
KE kenijski Kenijczyk
UG ugandyjski
TZ tanzański Tanzańczyk
RW rwandyjski Rwandyjczyk
CD kongijski Kongijczyk
NG nigeryjski Nigeryjczyk
GH ghański Ghańczyk
SN senegalski Senegalczyk
ML malijski Malijczyk
CM kameruński Kameruńczyk
AO angolski Angolczyk
ZM zambijski
ZW zimbabweński
MZ mozambicki
NA namibijski
BW botswański
ZA południowoafrykański
MG madagaskarski
CA kanadyjski Kanadyjczyk Kanadyjka
MX meksykański Meksykanin Meksykanka
GT gwatemalski Gwatemalczyk
HN honduraski
SV salwadorski Salwadorczyk
NI nikaraguański
CR kostarykański
PA panamski
CU kubański Kubańczyk Kubanka
HT haitański Haitańczyk
JM jamajski Jamajczyk
CO kolumbijski Kolumbijczyk
VE wenezuelski Wenezuelczyk
EC ekwadorski
PE peruwiański Peruwiańczyk
BO boliwijski Boliwijczyk
CL chilijski Chilijczyk
AR argentyński Argentyńczyk Argentynka
UY urugwajski Urugwajczyk
PY paragwajski
BR brazylijski Brazylijczyk Brazylijka
VA watykański
GL grenlandzki
HK hongkoński
TG togijski Togijczyk
NE nigerski Nigerczyk
LR liberyjski Liberyjczyk
GN gwinejski Gwinejczyk
GA gaboński Gabończyk
MR mauretański Mauretańczyk
CI iworyjski
BF burkiński
BI burundyjski Burundyjczyk
MW malawijski
SS południowosudański
DO dominikański Dominikańczyk
FJ fidżyjski
BT bhutański
MV malediwski
MC monakijski
AD andorski
"""

# Towns with a Polish name of their own: code, English name as in cities.tsv, Polish name.
TOWNS = """
RU:Moscow=Moskwa,Saint Petersburg=Petersburg,Saint Petersburg=Sankt Petersburg,Vladivostok=Władywostok,Nizhniy Novgorod=Niżny Nowogród,Novosibirsk=Nowosybirsk,Yekaterinburg=Jekaterynburg,Rostov-on-Don=Rostów,Volgograd=Wołgograd,Voronezh=Woroneż,Smolensk=Smoleńsk,Sochi=Soczi,Murmansk=Murmańsk,Arkhangel'sk=Archangielsk,Kazan=Kazań,Samara=Samara,Omsk=Omsk,Chelyabinsk=Czelabińsk,Irkutsk=Irkuck,Khabarovsk=Chabarowsk,Krasnodar=Krasnodar,Kursk=Kursk,Bryansk=Briańsk,Belgorod=Biełgorod,Pskov=Psków,Grozny=Grozny,Ufa=Ufa,Tula=Tuła,Tver=Twer,Kaliningrad=Kaliningrad,Kaliningrad=Królewiec,Vyborg=Wyborg,Saratov=Saratów,Makhachkala=Machaczkała,Tomsk=Tomsk,Perm=Perm.,Yakutsk=Jakuck,Tyumen=Tiumeń,Vladikavkaz=Władykaukaz,Magnitogorsk=Magnitogorsk,Norilsk=Norylsk,Astrakhan=Astrachań,Taganrog=Taganrog
UA:Kyiv=Kijów,Lviv=Lwów,Odesa=Odessa,Odesa=Odesa,Kharkiv=Charków,Donetsk=Donieck,Luhansk=Ługańsk,Mariupol=Mariupol,Dnipro=Dniepr,Zaporizhzhya=Zaporoże,Kherson=Chersoń,Sevastopol=Sewastopol,Simferopol=Symferopol,Yalta=Jałta,Kerch=Kercz,Chernihiv=Czernihów,Ternopil=Tarnopol,Uzhhorod=Użhorod,Lutsk=Łuck,Zhytomyr=Żytomierz,Vinnytsya=Winnica,Poltava=Połtawa,Sumy=Sumy,Kramatorsk=Kramatorsk,Bakhmut=Bachmut,Chernivtsi=Czerniowce,Drohobych=Drohobycz,Ivano-Frankivsk=Iwano-Frankiwsk,Rivne=Równe,Cherkasy=Czerkasy,Mykolayiv=Mikołajów,Slovyansk=Słowiańsk,Melitopol=Melitopol,Kremenchuk=Krzemieńczuk,Berdyansk=Berdiańsk,Nikopol=Nikopol
BY:Minsk=Mińsk,Brest=Brześć,Hrodna=Grodno,Homyel'=Homel,Mahilyow=Mohylew,Vitebsk=Witebsk,Pinsk=Pińsk,Baranovichi=Baranowicze
LT:Vilnius=Wilno,Kaunas=Kowno,Klaipėda=Kłajpeda
LV:Riga=Ryga
EE:Tallinn=Tallin,Tallinn=Tallinn,Tartu=Tartu
DE:Berlin=Berlin,Munich=Monachium,Hamburg=Hamburg,Köln=Kolonia,Frankfurt am Main=Frankfurt,Dresden=Drezno,Leipzig=Lipsk,Nuremberg=Norymberga,Stuttgart=Stuttgart,Düsseldorf=Düsseldorf,Hannover=Hanower,Bremen=Brema,Aachen=Akwizgran,Potsdam=Poczdam,Magdeburg=Magdeburg,Mainz=Moguncja,Augsburg=Augsburg,Regensburg=Ratyzbona,Bonn=Bonn,Dortmund=Dortmund,Lübeck=Lubeka,Görlitz=Görlitz,Rostock=Rostock,Kiel=Kilonia,Bayreuth=Bayreuth,Wolfsburg=Wolfsburg
FR:Paris=Paryż,Marseille=Marsylia,Lyon=Lyon,Strasbourg=Strasburg,Nice=Nicea,Toulouse=Tuluza,Lille=Lille,Calais=Calais,Bordeaux=Bordeaux,Cannes=Cannes,Nantes=Nantes,Rennes=Rennes,Grenoble=Grenoble,Avignon=Awinion,Versailles=Wersal,Lourdes=Lourdes
GB:London=Londyn,Edinburgh=Edynburg,Manchester=Manchester,Liverpool=Liverpool,Birmingham=Birmingham,Glasgow=Glasgow,Belfast=Belfast,Cardiff=Cardiff,Oxford=Oksford,Cambridge=Cambridge,Leeds=Leeds,Sheffield=Sheffield,Southampton=Southampton,Newcastle upon Tyne=Newcastle,Bristol=Bristol,Nottingham=Nottingham,Leicester=Leicester,Coventry=Coventry
IE:Dublin=Dublin
IT:Rome=Rzym,Milan=Mediolan,Naples=Neapol,Turin=Turyn,Florence=Florencja,Venice=Wenecja,Genoa=Genua,Bologna=Bolonia,Palermo=Palermo,Padua=Padwa,Verona=Werona,Trieste=Triest,Siena=Siena,Bari=Bari,Catania=Katania,Pisa=Piza,Rimini=Rimini,Perugia=Perugia,Messina=Mesyna,Cagliari=Cagliari
ES:Madrid=Madryt,Barcelona=Barcelona,Sevilla=Sewilla,Valencia=Walencja,Málaga=Malaga,Zaragoza=Saragossa,Alicante=Alicante,Murcia=Murcja,Bilbao=Bilbao,Córdoba=Kordoba
PT:Lisbon=Lizbona,Porto=Porto
NL:Amsterdam=Amsterdam,The Hague=Haga,Rotterdam=Rotterdam,Maastricht=Maastricht
BE:Brussels=Bruksela,Antwerp=Antwerpia,Brugge=Brugia,Gent=Gandawa
LU:Luxembourg=Luksemburg
CH:Geneva=Genewa,Zürich=Zurych,Bern=Berno,Basel=Bazylea,Lausanne=Lozanna,Davos=Davos
AT:Vienna=Wiedeń,Salzburg=Salzburg,Graz=Graz,Innsbruck=Innsbruck
CZ:Prague=Praga,Brno=Brno,Ostrava=Ostrawa,Olomouc=Ołomuniec,Karlovy Vary=Karlowe Wary,Liberec=Liberec
SK:Bratislava=Bratysława,Košice=Koszyce,Žilina=Żylina,Nitra=Nitra,Poprad=Poprad
HU:Budapest=Budapeszt,Debrecen=Debreczyn,Szeged=Szeged
RO:Bucharest=Bukareszt,Cluj-Napoca=Kluż,Iaşi=Jassy,Constanţa=Konstanca,Braşov=Braszów,Timişoara=Timișoara
BG:Sofia=Sofia,Varna=Warna,Burgas=Burgas,Plovdiv=Płowdiw
GR:Athens=Ateny,Thessaloníki=Saloniki
CY:Nicosia=Nikozja
TR:Ankara=Ankara,Istanbul=Stambuł,İzmir=Izmir,Antalya=Antalya,Antalya=Antalia,Adana=Adana,Gaziantep=Gaziantep,Bursa=Bursa,Diyarbakır=Diyarbakır
RS:Belgrade=Belgrad
HR:Zagreb=Zagrzeb,Dubrovnik=Dubrownik
SI:Ljubljana=Lublana
BA:Sarajevo=Sarajewo
ME:Podgorica=Podgorica
MK:Skopje=Skopje
AL:Tirana=Tirana
XK:Pristina=Prisztina
MD:Chisinau=Kiszyniów,Tiraspol=Tyraspol
FI:Helsinki=Helsinki,Turku=Turku.
SE:Stockholm=Sztokholm,Gothenburg=Göteborg,Malmö=Malmö
NO:Oslo=Oslo,Bergen=Bergen
DK:Copenhagen=Kopenhaga
IS:Reykjavík=Reykjavík,Reykjavík=Rejkiawik
GE:Tbilisi=Tbilisi,Batumi=Batumi,Kutaisi=Kutaisi,Sokhumi=Suchumi
AM:Yerevan=Erywań,Gyumri=Giumri
AZ:Baku=Baku,Ganja=Gandża
KZ:Almaty=Ałmaty,Astana=Astana
UZ:Tashkent=Taszkent
KG:Bishkek=Biszkek
TJ:Dushanbe=Duszanbe
TM:Ashgabat=Aszchabad
MN:Ulan Bator=Ułan. Bator.
CN:Beijing=Pekin,Shanghai=Szanghaj,Guangzhou=Kanton,Wuhan=Wuhan,Nanjing=Nankin,Tianjin=Tiencin,Shenzhen=Shenzhen,Chengdu=Chengdu,Chongqing=Chongqing
TW:Taipei=Tajpej
JP:Tokyo=Tokio,Osaka=Osaka,Hiroshima=Hiroszima,Nagasaki=Nagasaki,Kyoto=Kioto,Fukushima=Fukushima
KR:Seoul=Seul,Busan=Pusan,Incheon=Inczon
KP:Pyongyang=Pjongjang
IN:Delhi=Delhi,New Delhi=Nowe Delhi,Mumbai=Bombaj,Mumbai=Mumbaj,Kolkata=Kalkuta,Bengaluru=Bangalore,Chennai=Ćennaj,Hyderabad=Hajdarabad
PK:Islamabad=Islamabad,Karachi=Karaczi,Lahore=Lahaur,Peshawar=Peszawar
AF:Kabul=Kabul,Kandahār=Kandahar,Herāt=Herat,Ghazni=Ghazni
BD:Dhaka=Dhaka
LK:Colombo=Kolombo
NP:Kathmandu=Katmandu
MM:Yangon=Rangun
TH:Bangkok=Bangkok
VN:Hanoi=Hanoi,Ho Chi Minh City=Ho Chi Minh
ID:Jakarta=Dżakarta
PH:Manila=Manila
SG:Singapore=Singapur
MY:Kuala Lumpur=Kuala Lumpur
AU:Canberra=Canberra,Sydney=Sydney,Melbourne=Melbourne,Brisbane=Brisbane,Perth=Perth,Adelaide=Adelajda
NZ:Wellington=Wellington,Auckland=Auckland
IR:Tehran=Teheran,Isfahan=Isfahan,Shiraz=Sziraz,Tabriz=Tebriz,Mashhad=Meszhed
IQ:Baghdad=Bagdad,Basrah=Basra,Mosul=Mosul,Karbala=Karbala,Erbil=Irbil,Kirkuk=Kirkuk,Najaf=Nadżaf
SY:Damascus=Damaszek,Aleppo=Aleppo,Homs=Homs,Idlib=Idlib,Latakia=Latakia,Ar Raqqah=Ar-Rakka
LB:Beirut=Bejrut
IL:Jerusalem=Jerozolima,Tel Aviv=Tel Awiw,Haifa=Hajfa,Ashkelon=Aszkelon,Eilat=Ejlat,Ashdod=Aszdod,Beersheba=Beer Szewa
PS:Gaza=Gaza,Ramallah=Ramallah,Bethlehem=Betlejem,Hebron=Hebron
JO:Amman=Amman
SA:Riyadh=Rijad,Makkah=Mekka,Jeddah=Dżudda
YE:Sanaa=Sana
QA:Doha=Doha
AE:Abu Dhabi=Abu Zabi,Dubai=Dubaj
EG:Cairo=Kair,Alexandria=Aleksandria
LY:Tripoli=Trypolis,Benghazi=Bengazi
TN:Tunis=Tunis
DZ:Algiers=Algier
MA:Rabat=Rabat,Marrakesh=Marrakesz,Casablanca=Casablanca
SD:Khartoum=Chartum
ET:Addis Ababa=Addis Abeba
SO:Mogadishu=Mogadiszu
KE:Nairobi=Nairobi
NG:Lagos=Lagos,Abuja=Abudża
SN:Dakar=Dakar
ZA:Johannesburg=Johannesburg,Pretoria=Pretoria,Cape Town=Kapsztad
CA:Ottawa=Ottawa,Toronto=Toronto,Montréal=Montreal,Vancouver=Vancouver
MX:Mexico City=Meksyk
US:Washington=Waszyngton,New York City=Nowy Jork,Los Angeles=Los Angeles,Chicago=Chicago,Philadelphia=Filadelfia,San Francisco=San Francisco,Boston=Boston,New Orleans=Nowy Orlean,Houston=Houston,Miami=Miami,Dallas=Dallas,Las Vegas=Las Vegas,Seattle=Seattle,Detroit=Detroit,Minneapolis=Minneapolis,San Diego=San Diego,Orlando=Orlando,Memphis=Memphis,Baltimore=Baltimore,Cleveland=Cleveland,Pittsburgh=Pittsburgh
CU:Havana=Hawana
CO:Bogotá=Bogota
VE:Caracas=Caracas
PE:Lima=Lima
CL:Santiago=Santiago
AR:Buenos Aires=Buenos Aires
BR:Brasília=Brasilia,Rio de Janeiro=Rio de Janeiro,São Paulo=São Paulo
PL:Warsaw=Warszawa,Kraków=Kraków,Łódź=Łódź,Wrocław=Wrocław,Poznań=Poznań,Gdańsk=Gdańsk,Szczecin=Szczecin,Bydgoszcz=Bydgoszcz,Lublin=Lublin,Białystok=Białystok,Katowice=Katowice,Gdynia=Gdynia,Radom=Radom,Toruń=Toruń,Rzeszów=Rzeszów,Kielce=Kielce,Olsztyn=Olsztyn,Opole=Opole,Płock=Płock,Tarnów=Tarnów,Koszalin=Koszalin,Kalisz=Kalisz,Legnica=Legnica,Słupsk=Słupsk,Siedlce=Siedlce,Sopot=Sopot,Przemyśl=Przemyśl,Zakopane=Zakopane,Sosnowiec=Sosnowiec,Bielsko-Biala=Bielsko-Biała,Bielsko-Biala=Bielska-Białej,Bielsko-Biala=Bielsku-Białej
CD:Kinshasa=Kinszasa,Goma=Goma
UG:Kampala=Kampala
RW:Kigali=Kigali
ZW:Harare=Harare
ML:Bamako=Bamako
BF:Ouagadougou=Wagadugu
AO:Luanda=Luanda
GH:Accra=Akra
TZ:Dar es Salaam=Dar es Salaam
MZ:Maputo=Maputo
HT:Port-au-Prince=Port-au-Prince
BO:La Paz=La Paz
EC:Quito=Quito,Guayaquil=Guayaquil
UY:Montevideo=Montevideo
PY:Asunción=Asunción
KH:Phnom Penh=Phnom Penh
LA:Vientiane=Wientian
"""

# Parts of large towns, which are no names of their own.
PARTS = set("Osiedle Rejon Plac Przedmieście Wschód Zachód Południe Północ Zawidawie Muchobór Przymorze Wrzeszcz Orunia Kack Port Pole Dwór Lany".split())

morfeusz = morfeusz2.Morfeusz()
GEO = "nazwa_geograficzna"


def rows(file):
    with open(PLACES + file, encoding="utf8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines if line.strip() and not line.startswith("#")]


@functools.cache
def readings(word):
    return [r[2] for r in morfeusz.analyse(word) if r[0] == 0 and r[1] == 1]


def matches(tag, number, case, gender):
    parts = tag.split(":")
    return len(parts) > 3 and number in parts[1].split(".") and case in parts[2].split(".") and (
        gender is None or gender in parts[3].split("."))


def noun_of(word):
    """First form, number and gender of a noun, a place's before any other."""
    found = [(GEO not in r[3], r) for r in readings(word) if r[2].startswith("subst") and "nom" in r[2].split(":")[2]]
    if not found:
        return None
    reading = min(found, key=lambda f: f[0])[1]
    parts = reading[2].split(":")
    return reading[1], parts[1], parts[3].split(".")[0]


def forms_of(lemma, pos, number, gender, degree="pos"):
    out = {}
    for form, _, tag, *_ in morfeusz.generate(lemma):
        if tag.startswith("adj") and not tag.endswith(degree) or tag.endswith(":neg"):
            continue
        if tag.startswith(pos):
            for case in CASES:
                if matches(tag, number, case, gender):
                    out.setdefault(case, []).append(form)
    return out


def unknown(word):
    """The cases of a name that is not in the dictionary, as most that end like it have them."""
    for end, ends in (("ja", ("ji", "ję", "ją")), ("ia", ("ii", "ię", "ią")), ("wa", ("wy", "wie", "wę", "wą")), ("na", ("ny", "nie", "nę", "ną")),
                      ("ko", ("ka", "ku", "kiem"))):
        if word.endswith(end):
            return [word] + [word[:-2] + e for e in ends]
    return [word] + [word + e for e in ("u", "owi", "em", "ie")] if word[-1] in "nmsrtdfbwp" and len(word) > 4 else [word]


def capital(form, like):
    return form[0].upper() + form[1:] if like[0].isupper() else form


def inflect(name):
    """The name in all cases; just the name if the dictionary does not know its words."""
    plain = name.replace(".", "")
    words = [w for w in name.split(" ")]
    moving = [w for w in words if not w.endswith(".")]
    nouns = [(w, noun_of(w)) for w in moving]
    nouns = [(w, n) for w, n in nouns if n]
    # an adjective may have a noun's reading: the noun is the one with a place's mark, else the last
    heads = [x for x in nouns if any(GEO in r[3] and r[2].startswith("subst") for r in readings(x[0]))] or nouns
    adjective = [w for w in moving if any(r[2].startswith(("adj", "ppas")) and "nom" in r[2] for r in readings(w))]
    if "-" in name:
        return [plain]
    if len(words) == 1 and moving and not readings(plain)[0][2] != "ign":
        return unknown(plain)
    if not moving or not nouns and not (len(moving) == 1 and adjective):
        return [plain]
    if not nouns or len(moving) == 1 and not any(GEO in r[3] for r in readings(moving[0])) and adjective:
        head, (number, gender) = None, ("sg", "f" if moving[0].endswith("a") else "m3")
    else:
        plain_nouns = [x for x in heads if x[0] not in adjective] or heads
        head, (_, number, gender) = plain_nouns[0]
    columns = []
    for word in words:
        if word.endswith("."):
            columns.append({case: [word[:-1]] for case in CASES})
            continue
        known = noun_of(word)
        if word == head or (word not in adjective and known and known[1:] == (number, gender)):
            columns.append(forms_of(noun_of(word)[0], "subst", number, gender))
            continue
        lemmas = {(r[1], r[2].split(":")[-1]) for r in readings(word) if r[2].startswith(("adj", "ppas")) and "nom" in r[2]}
        column = {}
        if not lemmas and word.endswith("kie"):
            column = dict(zip(CASES, ([word[:-1] + "ch"], [word[:-1] + "m"], [word], [word[:-1] + "mi"], [word[:-1] + "ch"])))
        for lemma, degree in sorted(lemmas):
            for case, forms in forms_of(lemma, ("adj", "ppas"), number, gender, degree).items():
                column.setdefault(case, []).extend(forms)
        columns.append(column or {case: [word] for case in CASES})
    out = [plain]
    for case in CASES:
        row = [column.get(case, [word.strip(".")]) for column, word in zip(columns, words)]
        for i in range(max(map(len, row))):
            form = " ".join(capital(r[min(i, len(r) - 1)], w) for r, w in zip(row, words))
            if form not in out:
                out.append(form)
    return out


def person(lemma):
    """All forms of a name of inhabitants, but those of address."""
    gender = ("f",) if lemma.endswith("ka") or lemma.endswith("ynka") else ("m1",)
    out = []
    for form, _, tag, *_ in morfeusz.generate(lemma):
        parts = tag.split(":")
        if parts[0] == "subst" and parts[3].split(".")[0] in gender and parts[2] != "voc" and form not in out:
            out.append(form)
    if not out and lemma.endswith("yk"):
        out = [lemma] + [lemma + e for e in ("a", "owi", "iem", "u", "ów", "om", "ami", "ach")] + [lemma[:-1] + "cy"]
    return out or [lemma]


def adjective(lemma):
    out = [lemma]
    for form, _, tag, *_ in morfeusz.generate(lemma):
        if tag.startswith("adj:") and tag.endswith(":pos") and form not in out:
            out.append(form)
    if len(out) == 1:  # not in the dictionary
        stem = lemma[:-1]
        soft = stem[:-2] + "sc" if stem.endswith("sk") else stem[:-2] + "cc" if stem.endswith("ck") else stem
        out = [lemma] + [stem + e for e in ("a", "ie", "iego", "iej", "iemu", "im", "ą", "ich", "imi")] + [soft + "y"]
    return out


def is_place_alone(form):
    """Whether a form is nothing but a place's name: no word and no person's."""
    known = readings(form.lower())
    other = [r for r in readings(form) if GEO not in r[3] and r[2] != "ign"]
    persons = [r for r in other if "imię" in str(r[3]) or "nazwisko" in str(r[3])]
    words = [r for r in known if r[2] != "ign" and r[1].split(":")[0].islower()]
    return not persons and not (words and zipf_frequency(form.lower(), "pl") > COMMON)


def main():
    print("# Polish: countries (-), towns by their English name, seats of power, regions and adjectives with inhabitants, each")
    print("# in all cases as it stands in a text. Written by config/lexicon/generate/polish_places.py, which names the sources.")
    out = {}

    def add(code, what, forms):
        list_ = out.setdefault((code, what), [])
        list_ += [f for f in forms if f not in list_]

    def add_short(code, what, forms):
        """Also as papers shorten it: "Wlk. Brytania", "Irlandia Płn."."""
        add(code, what, forms)
        for pattern, short in (("Wielk(a|iej|ą) ", "Wlk. "), ("Wielk(a|iej|ą) ", "W. "), (" Północn(a|ej|ą|y|ego)$", " Płn."), (" Południow(a|ej|ą)$", " Płd.")):
            add(code, what, [re.sub(pattern, short, f) for f in forms if re.search(pattern, f)])

    codes = [row[0] for row in rows("countries.tsv")]
    cldr = Locale("pl").territories
    for code in codes:
        for name in NAMES.get(code, cldr.get(code, "")).split("|"):
            if name:
                add_short(code, "-", inflect(name))
    for table, what in ((SEATS, "@seat"), (REGIONS, "@region")):
        for code, names in table.items():
            for name in names.split("|"):
                add(code, what, inflect(name))
    sizes = {}
    for row in rows("cities.tsv"):
        sizes[row[1], row[0]] = max(int(row[3]), sizes.get((row[1], row[0]), 0))
    towns = {}
    for line in TOWNS.strip().split("\n"):
        code, list_ = line.split(":", 1)
        for entry in list_.split(","):
            name, polish = entry.split("=")
            if (code, name) not in sizes:
                print(f"no such city: {code} {name}", file=sys.stderr)
                continue
            towns.setdefault((code, name), []).append(polish)
    for (code, name), size in sizes.items():
        alone = " " not in name and "-" not in name
        if (code, name) in towns or size < (HOME if code == "PL" else ABROAD):
            continue
        if alone and noun_of(name) and any(GEO in r[3] for r in readings(name)):
            forms = [f for f in inflect(name) if is_place_alone(f)]
            if name in forms:
                add(code, name, forms)
        elif not alone and code == "PL" and size >= 15 and "-" not in name and not set(name.split()) & PARTS:
            add(code, name, inflect(name))
    for (code, name), polish in towns.items():
        for one in polish:
            add(code, name, inflect(one))
    large = {name for (code, name), size in sizes.items() if size >= 100}
    for line in PEOPLE.strip().split("\n"):
        code, adjectives, *people = line.split()
        for lemma in adjectives.split(","):
            # "polsko-niemiecki"
            add(code, "@adjective", adjective(lemma) + [lemma[:-1] + "o"])
        for lemma in people:
            add(code, "@adjective", [f for f in person(lemma) if f not in large])
    for (code, what), forms in sorted(out.items(), key=lambda e: (not e[0][1].startswith(("-", "@")), e[0])):
        print(code, what, "|".join(forms), sep="\t")


main()
