#!/usr/bin/env python3
"""Writes config/lexicon/languages/ar/places_surnames.toml: common given names before a surname that looks like the adjective of a
country ("حسن المصري"), which names no country there.

usage, from the project's root: arabic_surnames.py > config/lexicon/languages/ar/places_surnames.toml

Both lists are by hand, 2026-11-29. A script without capitals shows a surname by nothing but the given name before it.
"""

GIVEN = """
أحمد احمد محمد محمود علي حسن حسين خالد عمر عمرو يوسف إبراهيم ابراهيم إسماعيل اسماعيل مصطفى كريم سامي سمير سعيد سعد سليم سالم سليمان صالح
صلاح صادق طارق طاهر عادل عامر عباس عثمان عدنان عصام علاء عماد غسان فادي فارس فاروق فاضل فؤاد فتحي فريد فهد فوزي فيصل قاسم كمال كامل ليلى
ماجد ماهر مازن مالك مراد مروان مريم منى منير مهدي موسى نادر ناصر نبيل نجيب نزار نور نوال هاني هشام هند هيثم وائل وليد ياسر ياسين يحيى يونس
أمين انور أنور أيمن ايمن أسامة أشرف أكرم بسام بشير بلال توفيق تامر جابر جاسم جعفر جمال جميل حاتم حازم حامد حسام حسني حمدي حمزة حميد راشد رامي
رائد رشيد رضا رمزي رياض زكي زكريا زياد زيد سارة سلمان سلوى سناء شريف شوقي عائشة عبدالله عبدالرحمن عبدالعزيز عزيز عزت فاطمة لطفي هدى هناء وفاء
الله الرحمن العزيز الكريم القادر الحميد السلام الرزاق الحكيم الهادي الناصر الوهاب المجيد الرحيم اللطيف الغني
""".split()
SURNAMES = """
المصري العراقي المغربي التونسي اليمني السوداني السوري اللبناني الليبي الجزائري التركي الهندي الكويتي العماني الأفغاني
""".split()

phrases = [f"{joined}{given} {surname}|" for joined in ("", "و") for given in GIVEN for surname in SURNAMES]
print("# Surnames behind given names that name no country. Written by config/lexicon/generate/arabic_surnames.py; not edited by hand.")
print("\nnot_places = \"\"\"")
for start in range(0, len(phrases), len(SURNAMES)):
    print("".join(phrases[start : start + len(SURNAMES)]))
print('"""')
