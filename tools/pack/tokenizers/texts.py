"""The strings that tokenizers are compared on: the same ones every time."""
import ast
import random
import re

# One or two sentences of a language each, and what people paste.
TEXTS = r"""
The quick brown fox jumps over the lazy dog. It didn't mind; they'd have said: "we'll see, I'm sure you're right".
HELLO WORLD, THIS ISN'T SHOUTING, IT'S JUST THAT I'VE LEFT CAPS LOCK ON. WE'LL SEE! YOU'D KNOW. I'M HERE. THEY'RE NOT.
Les élèves français étaient à l'école ; l'œuvre coûtait 1 234,56 € (où ça ?). Ça va ? Aïe, c'est naïf.
Größe, Straße und Übermut: „Er sagte: ‚Komm!‘“ – das kostet 3,50 €. Fußgängerübergänge, Donaudampfschifffahrt.
El niño corrió mañana; ¿qué pasó? ¡Ándale! Pingüino, corazón, jalapeño.
A ação não começou às 15h30; são três pães. Coração, avó, avô.
Città, perché, più: l'università è lì, c'è un caffè all'angolo.
Zażółć gęślą jaźń. Chrząszcz brzmi w trzcinie w Szczebrzeszynie.
Příliš žluťoučký kůň úpěl ďábelské ódy. Árvíztűrő tükörfúrógép.
İstanbul'da ığdır şölen çağrısı; IŞIK ve ışık. Günaydın!
Съешь же ещё этих мягких французских булок, да выпей чаю. Ёлка, объём, подъезд № 5.
Жебракують філософи при ґанку церкви в Гадячі, ще й шатро їхнє п'яне знаємо.
Ξεσκεπάζω τὴν ψυχοφθόρα βδελυγμία. Καλημέρα κόσμε, πώς είσαι;
שלום עולם, זה מבחן. בְּרֵאשִׁית בָּרָא אֱלֹהִים. ש״ח 25.
مرحبا بالعالم، كيف حالك؟ السَّلَامُ عَلَيْكُمْ. ١٢٣٤٥ ریال ۱۲۳
नमस्ते दुनिया, आप कैसे हैं? १२३४ हिन्दी में लिखा है। क्षत्रिय ज़िंदगी
বাংলা ভাষা সুন্দর। ১২৩ টাকা। தமிழ் மொழி அழகானது. తెలుగు భాష. ಕನ್ನಡ ನುಡಿ. മലയാളം.
สวัสดีชาวโลก น้ำใจ ผู้ใหญ่ ๑๒๓ บาท ສະບາຍດີ မင်္ဂလာပါ ភាសាខ្មែរ
你好，世界！今天天气怎么样？我有１２３元。「引號」與《書名》——還有…… 龍馬精神
こんにちは世界。今日はいい天気ですね！カタカナ、ｶﾀｶﾅ、ひらがな、漢字。パピプペポ ガギグ
안녕하세요 세계! 오늘 날씨가 좋네요. 한국어 텍스트 ㄱㄴㄷ ㅏㅑ 뷁
Xin chào thế giới! Tôi yêu tiếng Việt: ắằẳẵặ ốồổỗộ ứừửữự. Đường phố.
Բարեւ աշխարհ։ გამარჯობა მსოფლიო. ሰላም ልዑል። ᏣᎳᎩ ᠮᠣᠩᠭᠣᠯ བོད་སྐད་ ᚠᚢᚦ
Hej världen, åäö ÅÄÖ; Blåbærsyltetøy på brødskive. Þetta er íslenska, ðað.
def f(x):\n    if x > 0:\n        return x**2  # comment\n\n    return -x\n\n\nprint(f(3))\n
int main(void) {\n\tfor (int i = 0; i < 10; ++i)\n\t\tprintf("%d\\n", i);\n\treturn 0;\n}\n
<!DOCTYPE html>\n<html lang="en"><head><title>x</title></head>\n<body class="a b"><p>Hi &amp; bye</p><br/></body></html>
SELECT a.id, COUNT(*) AS n FROM t1 a LEFT JOIN t2 b ON a.id=b.id WHERE a.x<>'y' GROUP BY 1 HAVING n>=2;
{"name": "x", "list": [1, 2.5e-10, null, true], "u": "\\u00e9", "nested": {"a": {}}}
https://example.org/a/b?c=d&e=%20f#g user@example.com C:\\Users\\me\\file.txt ~/.ssh/id_rsa /usr/bin/env
# Title\n\n## Part 1\n\n- item *one*\n- item **two**\n  - nested `code`\n\n1. first\n2. second\n\n> quote\n\n| a | b |\n|---|---|\n| 1 | 2 |\n
1234567890 12 123 1234 12345 0.5 1,000,000 3.14159265358979 1e10 0x1F 2026-11-30T17:05:00Z +49 (0)30 123-456
∀x∈ℝ: ⌈x⌉ = −⌊−x⌋, α∧¬β = ¬(¬α∨β), ∫₀^∞ e^(−x²) dx = √π/2, x² + y³ ≠ z⁴, ½ + ⅓, Ⅷ, ①②③
🙂 👨‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇩🇪🇫🇷 ❤️ ©®™ ☃️ 🤷🏻‍♀️ 🧑🏿‍🚀 ♀ ✈︎
e\u0301 a\u0308 n\u0303 o\u0302\u0323 s\u0323\u0307 s\u0307\u0323 \u1100\u1161\u11a8 \u212b \u2126 \ufb01 \u0958 q\u0307\u0323 \u1e9b\u0323 \uf900
cafe\u0301 re\u0301sume\u0301 Zu\u0308rich A\u030angstro\u0308m Viê\u0323t Nam \u0391\u0301 \u0438\u0306 \u3042\u3099 \u304b\u3099
zero\u200bwidth soft\u00adhyphen no\u00a0break thin\u2009space ideo\u3000space \u202aembed\u202c bom\ufeff line\u2028sep para\u2029sep nel\u0085x vt\u000bff\u000cx
Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞
\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10\x1b\x1c\x1d\x1e\x1f\x7f control
ﬁ ﬀ ﬆ ſ ẞ ı İ ǅ ʼn 'ſ It'ſ 'S 'T 'Re 'vE 'M 'lL 'D 'r 'l ' '' '''s don''t ’s ’t it’s
\U0001d573\U0001d58a\U0001d591\U0001d591\U0001d594 \U0001f100 \U00020000\U0002f800 \U000e0041 \U0010ffff \U000f0000 \ue000
AlGoRiThM camelCase PascalCase snake_case kebab-case SCREAMING_SNAKE x1y2z3 v1.2.3-rc.4+build.5
wwwwwwwwww aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa hahahahahahaha nanananana ananananan abababababab ......... !!!!! ?!?!?! ---- ==== ____ ****
<|im_start|>user\nHello<|im_end|>\n<|endoftext|><|begin_of_text|><|eot_id|><s>[INST] hi [/INST]</s><bos><eos><unk><pad><start_of_turn>model<end_of_turn>
<think>hm</think> <tool_call>{"a": 1}</tool_call> <thi <think <think></think>x<think>\n\n</think>\n\n
<0x0A><0x41> <0x0a> ▁ ▁▁ ▁▁▁▁ a▁b ▁a  ▁  a▁ ▁b Ġ Ċ ĠĠ Ã©
<table><tr><td>1</td></tr></table><ul><li>x</li></ul><strong>b</strong><h1>t</h1><br><sup>2</sup>
""".strip().split("\n")

ATOMS = ["a", "b", "the", " the", "The", " a", "in", "ing", " of", "'s", "'S", "'t", "'re", "'LL", "'d", "n't", "'",
         "\"", " ", "  ", "   ", "\t", "\n", "\n\n", "\r\n", "\r", " \n", "\u00a0", "\u3000", "\u2028", "0", "1", "42",
         "1234", "99999", "٣", "½", "Ⅷ", "１", "²", ".", ",", "!", "?", "...", "—", "…", "-", "_", "(", ")", "[", "]", "{",
         "}", "<", ">", "/", "\\", "|", "#", "*", "=", "==", "+=", "$", "%", "&", "@", "^", "~", "`", ":", ";", "é",
         "e\u0301", "\u0301", "\u0323", "ü", "ß", "Å", "\u212b", "ñ", "я", "ж", "и\u0306", "λ", "ω", "א", "ש", "ع", "م",
         "\u064b", "ह", "\u093f", "क्ष", "ন", "த", "ก", "\u0e49", "日", "本", "語", "か\u3099", "が", "ア", "ｱ", "한", "글",
         "\u1112\u1161\u11ab", "ᄀ", "ạ", "ắ", "🙂", "👍🏽", "\u200d", "\ufe0f", "\u200b", "\ufeff", "\U00020000",
         "\U0001d400", "ſ", "K", "İ", "ﬁ", "▁", "Ġ", "foo", "Bar", "BAZ", "x", "Y", "hello", "World", "function",
         "return", "def ", "import", "http://", "www.", ".com", "ion", "tion", "able", "un", "re", "pre", "aaaa",
         "    ", "        ", "\t\t", "----", "\x00", "\x1c", "\x7f", "\x85", "\ufffd", "\U0010ffff", "\ue000"]

# Characters that came with a Unicode from 9 on, or in other ways divide tables and versions.
EDGES = [0x180E, 0x1C89, 0x1C80, 0xA7CB, 0xA7DC, 0x10D40, 0x116D0, 0x11DE0, 0x16FF4, 0x1E5D0, 0x1E5F0, 0x11938, 0x11935,
         0x11930, 0x105C9, 0x1E900, 0x1E944, 0x1E130, 0x1E000, 0x10EAB, 0x08D3, 0x07FD, 0x0D3B, 0x1DF6, 0x1ABF, 0x1C90,
         0x1CD0, 0x31350, 0x323AF, 0x2EBF0, 0x2A6DE, 0x9FFF, 0xA7C0, 0xA7D0, 0x0560, 0x0588, 0x05EF, 0x08B5, 0x0C5D,
         0x13460, 0x18CFF, 0x1B11F, 0x1DF00, 0x1E290, 0x1E4D0, 0x1E7E0, 0x11F02, 0x11F50, 0x1D2C0, 0x16D40, 0x1CCF0,
         0x09FA, 0x0BF0, 0x0F20, 0x1369, 0x17F0, 0x2070, 0x2150, 0x2460, 0x2776, 0x3007, 0x3021, 0x3192, 0x3220,
         0xA620, 0xA6E6, 0x10107, 0x12400, 0x1F100, 0x0345, 0x0488, 0x093E, 0x20D0, 0x2CEF, 0xA670, 0x1E8D0, 0x00AA,
         0x00B5, 0x00BA, 0x02B0, 0x02C2, 0x0374, 0x0559, 0x0640, 0x0E33, 0x0F00, 0x10FC, 0x1D2C, 0x2071, 0x2119, 0x212E,
         0x24B6, 0x3005, 0x303B, 0x30FC, 0xFE70, 0xFF21, 0xFF9E, 0x1F130, 0x1D6A4, 0x1EE00, 0x00AD, 0x061C, 0x200E,
         0x2060, 0xFFF9, 0xE0001, 0x1680, 0x2000, 0x200A, 0x202F, 0x205F, 0x001F, 0x0085]


def strings():
    r = random.Random(20261130)
    texts = [re.sub(r"\\(n|t|\\|x..|u.{4}|U.{8})", lambda m: ast.literal_eval(f"'{m[0]}'"), t) for t in TEXTS]
    out = ["", " ", "  ", "\n", "a", " a", "a ", "\u2581", "é"]
    out += texts
    for t in texts:  # parts of texts, cut anywhere
        for _ in range(14):
            i = r.randrange(len(t))
            out.append(t[i : i + r.randint(1, 40)])
    out += [c.join(["a", "b", " ", "1", "", ".", "\n"]) for c in map(chr, EDGES)]
    for n in (2, 3, 5, 7, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100):  # runs
        out += [c * n for c in (" ", "\n", "\t", "a", "1", "!", "é", "▁", "日", " a", "ab", "\r\n", "-", "=", "na")]
    for _ in range(1300):
        out.append("".join(r.choice(ATOMS) for _ in range(r.randint(1, 14))))
    return list(dict.fromkeys(out))


if __name__ == "__main__":
    all = strings()
    print(len(all), sum(len(s.encode()) for s in all))
