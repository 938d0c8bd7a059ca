"""Words whose loss or addition turns a sentence into another claim, by class, in English and Indonesian.

A rewrite must keep every one of them that stands in a clause it keeps, and may add none.
"""

ProtectedClasses = dict[str, frozenset[str]]


def _set(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_ENGLISH: ProtectedClasses = {
    "negation": _set(
        "not no never none nobody nothing nowhere neither nor without cannot can't don't doesn't didn't won't",
        "isn't aren't wasn't weren't shouldn't wouldn't couldn't mustn't haven't hasn't hardly barely scarcely",
        "rarely seldom lack lacks lacking fail fails failed failing refuse refuses refused stop stops stopped",
        "prevent prevents avoid avoids against instead unlikely impossible",
    ),
    "modality": _set(
        "must should shall ought need needs needed have has had may might can could would will probably possibly",
        "perhaps maybe likely seem seems seemed appear appears tend tends sometimes often usually always almost",
        "nearly",
    ),
    "attitude": _set(
        "think thinks thought believe believes feel feels fear fears doubt doubts hope hopes worry worries wish",
        "suggest suggests claim claims say says said guess suppose suspect reportedly supposedly apparently want",
        "wants wanted",
    ),
    "condition": _set(
        "if unless when whenever until once while provided except although though despite even before after",
        "whether only just otherwise else as",
    ),
    "quantity": _set(
        "all every each everyone everybody everything any anyone some someone many most few fewer several both",
        "half majority minority more less much least than enough too very about around roughly up under over per",
        "one two three four five six seven eight nine ten hundred thousand million billion first second last",
        "double twice",
    ),
    "relation": _set("who whom whose which because since so therefore than like by from to or either"),
}
_INDONESIAN: ProtectedClasses = {
    "negation": _set(
        "tidak tak bukan jangan belum tanpa tiada nggak enggak gak ga kagak mustahil jarang nyaris gagal menolak",
        "tolak menghindari mencegah berhenti menghentikan kurang kekurangan melawan",
    ),
    "modality": _set(
        "harus wajib perlu mesti sebaiknya seharusnya semestinya boleh bisa dapat mampu mungkin barangkali akan",
        "bakal tampaknya sepertinya kayaknya agaknya kadang kadang-kadang sering biasanya selalu hampir cenderung",
        "pasti",
    ),
    "attitude": _set(
        "pikir rasa merasa kira percaya yakin khawatir takut ragu harap berharap mengharapkan cemas duga menduga",
        "katanya konon mengaku menyatakan bilang ingin mau usul menurut",
    ),
    "condition": _set(
        "jika kalau bila apabila asal asalkan kecuali sampai hingga selama setelah sesudah sebelum ketika saat",
        "walaupun meskipun meski biarpun hanya cuma sekadar seandainya andai agar supaya baru",
    ),
    "quantity": _set(
        "semua seluruh setiap tiap segala banyak sebagian beberapa kebanyakan mayoritas minoritas sedikit lebih",
        "paling terlalu sangat cukup sekitar kira-kira maksimal minimal setengah separuh daripada per",
        "masing-masing kedua satu dua tiga empat lima enam tujuh delapan sembilan sepuluh puluh ratus seratus",
        "ribu seribu juta miliar",
    ),
    "relation": _set("yang karena sebab sehingga maka seperti oleh dari kepada ke untuk atau"),
}
PROTECTED = {"en": _ENGLISH, "id": _INDONESIAN}

# What a rewrite may add: words without a claim of their own.
ADDABLE = {
    "en": frozenset({"the", "a", "an", "this", "that", "these", "those", "is", "are", "be"}),
    "id": frozenset({"itu", "ini", "adalah", "para"}),
}
CONJUNCTIONS = {"en": frozenset({"and"}), "id": frozenset({"dan"})}

# A dropped clause that opens with one of these takes the condition of what is left with it.
LIMITING = {language: classes["condition"] for language, classes in PROTECTED.items()}
CLAUSE_OPENERS = {
    "en": _set("and but because since so while although though if unless until when whereas yet or provided except"),
    "id": _set("dan tetapi tapi namun karena sebab sehingga sedangkan padahal walaupun meskipun jika kalau bila agar"),
}
FUNCTION_WORDS = {
    "en": _set(
        "the a an this that these those is are be am was were been being it its they them their he she his her we",
        "us our i my me you your of in on at and for with into out there here do does did then",
    ),
    "id": _set(
        "itu ini adalah para di pada dengan dan dalam ia dia mereka kami kita saya aku anda kamu nya pun juga lah",
        "kah si sang ada bagi tersebut",
    ),
    "de": _set(
        "der die das den dem des ein eine einer einem einen eines und oder aber auch als am an auf aus bei bis durch",
        "für gegen im in ins mit nach ohne über um unter vom von vor wie zu zum zur zwischen ich du er sie es wir ihr",
        "mich mir uns euch ihn ihm ihnen sich mein sein unser ihre ihren ihrer unsere unserer unseren ist sind war",
        "waren bin sein wird werden wurde wurden worden hat haben hatte habe soll sollen sollte sollten muss müssen",
        "müsste müssten kann können könnte könnten darf dürfen will wollen möchte würde würden nicht kein keine keinen",
        "keiner nur noch schon sehr mehr weniger viel viele vielen alle allen alles jede jeder jedes jeden man dass",
        "daß wenn weil damit dann da hier dort so sondern sowie dies diese dieser dieses diesen diesem welche welcher",
        "was wer wo warum ob bzw etc eher sowohl denn doch etwa immer oft etc dazu dabei dafür daran darauf davon",
        "werde gibt geben machen gemacht gut besser anstatt statt beim während innerhalb außerhalb bereits selbst",
    ),
}

# Content for the gate, yet nothing that a topic could be named after.
LIGHT_WORDS = {
    "en": _set(
        "get gets got make makes made go goes come comes came take takes took keep keeps put use used using give gives",
        "new old way thing things year years month day days time people person good bad big small little long own same",
        "other others still also already how what where why much count",
    ),
    "id": _set(
        "orang tahun bulan hari waktu cara hal buat membuat pakai memakai datang pergi ambil beri kasih baik",
        "besar kecil lama lain sama masih sudah akhirnya sendiri tetap terus jangan apa siapa bagaimana mengapa",
        "sedangkan padahal",
    ),
}

# A sentence that opens with one of these, or puts one behind a condition, leans on the sentence before it.
LEANING = {
    "en": _set(
        "that those it it's they they're them he she him her such so and but or also then thus therefore hence",
        "however otherwise instead this's that's",
    ),
    "id": _set(
        "itu ini hal begitu demikian tersebut mereka dia ia beliau tapi tetapi namun jadi lalu dan atau juga",
        "akibatnya karenanya makanya ujungnya ujung-ujungnya sehingga maka sebaliknya",
    ),
    "de": _set(
        "das dies dieser diese dieses es er sie damit dadurch dabei daher deshalb darum so und aber oder auch dann",
        "denn sonst außerdem jedoch trotzdem stattdessen",
    ),
}
LEADING = {
    "en": _set("if when unless with"),
    "id": _set("kalau jika bila apabila dengan"),
    "de": _set("wenn falls sobald mit"),
}
# "This city has no park" stands alone, "This would help" does not.
AFTER_THIS = _set(
    "is was will would can could may might must should shall has had does did makes made means gives helps isn't won't"
)
