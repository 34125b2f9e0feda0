"""What families write in their own words: invented, and in their language.

Spanish and Filipino wording is not yet reviewed by a native speaker.
"""

from random import Random

Phrases = dict[str, tuple[str, ...]]

STORIES: Phrases = {
    "en": (
        "We sold more bread this month and could save a little.",
        "My daughter finished the school year with good marks.",
        "The families cleaned the drain together.",
        "I learned to keep the books of the shop.",
        "We lent our phone for the lessons.",
    ),
    "es": (
        "Vendimos más pan este mes y pudimos ahorrar un poco.",
        "Mi hija terminó el año escolar con buenas notas.",
        "Entre las familias limpiamos el callejón.",
        "Aprendí a llevar las cuentas de la tienda.",
        "Compartimos la tableta para las clases virtuales.",
    ),
    "fil": (
        "Mas marami kaming naibentang kakanin ngayong buwan.",
        "Natapos ng anak ko ang klase niya online.",
        "Nagtulungan kaming ayusin ang bubong ng kapitbahay.",
        "Natuto akong mag-ipon linggo-linggo.",
        "Nagbahagi kami ng gulay mula sa bakuran.",
    ),
}
GOAL_STEPS: Phrases = {
    "en": (
        "We put something aside every week.",
        "We bought material bit by bit.",
        "We asked at the school.",
        "We talked with a family that has done it.",
    ),
    "es": (
        "Guardamos una parte cada semana.",
        "Compramos material poco a poco.",
        "Pedimos informes en la escuela.",
        "Hablamos con otra familia que ya lo hizo.",
    ),
    "fil": (
        "Nagtabi kami kada linggo.",
        "Paunti-unti kaming bumili ng gamit.",
        "Nagtanong kami sa paaralan.",
        "Nakipag-usap kami sa ibang pamilya.",
    ),
}
GOAL_NAMES: Phrases = {
    "en": ("What we want to reach as a family", "One step forward this year"),
    "es": ("Lo que queremos lograr como familia", "Un paso adelante este año"),
    "fil": ("Ang gusto naming marating", "Isang hakbang ngayong taon"),
}
DECISIONS: Phrases = {
    "en": ("We decided to spend less on transport.", "We will save every two weeks."),
    "es": ("Decidimos gastar menos en transporte.", "Vamos a ahorrar cada quincena."),
    "fil": ("Nagpasya kaming magtipid sa pamasahe.", "Mag-iipon kami kada kinsenas."),
}
COMMUNITY_ACTIONS: Phrases = {
    "en": ("Cleaning the street", "Shared kitchen", "Repairing the footbridge"),
    "es": ("Limpieza de la calle", "Olla común", "Arreglo de las escaleras"),
    "fil": ("Paglilinis ng kalsada", "Community pantry", "Pag-aayos ng hagdan"),
}
LESSONS: Phrases = {
    "en": ("Better to start small.", "It helps to compare prices."),
    "es": ("Es mejor empezar con poco.", "Conviene comparar precios."),
    "fil": ("Mas mabuting magsimula sa maliit.", "Mainam magkumpara ng presyo."),
}
PLANS: Phrases = {
    "en": ("We want to use it to get ahead.", "Another family told us how."),
    "es": ("Queremos usarlo para salir adelante.", "Otra familia nos contó cómo."),
    "fil": ("Gagamitin namin ito para umasenso.", "Ikinuwento ng ibang pamilya."),
}
GROUP_DECISIONS: Phrases = {
    "en": ("Save a fixed amount together.", "Invite another group to tell."),
    "es": ("Ahorrar juntas una cantidad fija.", "Invitar a otro grupo a contar."),
    "fil": ("Mag-ipon nang sabay-sabay.", "Anyayahan ang ibang grupo."),
}
GROUP_QUESTIONS: Phrases = {
    "en": ("Why did savings fall in December?", "Who is in a susu already?"),
    "es": ("¿Por qué bajó el ahorro en diciembre?", "¿Quién ya probó la tanda?"),
    "fil": ("Bakit bumaba ang ipon noong Disyembre?", "Sino ang nasa paluwagan?"),
}
LIAISON_NOTES: Phrases = {
    "en": ("Answered by phone.", "The network failed twice."),
    "es": ("Respondió por teléfono.", "La red falló dos veces."),
    "fil": ("Sumagot sa telepono.", "Dalawang beses nawala ang signal."),
}
DECLINE_REASONS: Phrases = {
    "en": ("The family preferred to wait.", "The plan is missing."),
    "es": ("La familia prefirió esperar.", "Falta el plan."),
    "fil": ("Mas gusto ng pamilya na maghintay.", "Kulang ang plano."),
}
EXIT_WORDS: Phrases = {
    "en": ("Thank you for listening.", "We leave with good memories."),
    "es": ("Gracias por escucharnos.", "Nos vamos con buenos recuerdos."),
    "fil": ("Salamat sa pakikinig.", "Aalis kaming may magandang alaala."),
}

LONG_STORY_LENGTH = 4_000
_LONG_SENTENCE = "Así fue el mes, día por día, y así lo contamos. "
# Six per country: accents, ñ, emoji, a right-to-left paste, and a very long one.
ODD_STORIES = (
    "Niñez, mañana, piñata: ¡la ñ también cuenta! «Año» ≠ «ano».",
    "Hoy fue un buen día 🎉👩‍👩‍👧‍👦💪🏽 y mañana también 🌽",
    "شكرا للعائلات على المساعدة 2021 / salamat",
    "Cafe\u0301 con acento combinado, pin\u0303a, y un espacio\u00a0duro.",
    "Línea uno\nlínea dos\n\ttabulada; «comillas» \"dobles\" y 'simples', 50 % \\ fin",
    (_LONG_SENTENCE * (LONG_STORY_LENGTH // len(_LONG_SENTENCE) + 1))[
        :LONG_STORY_LENGTH
    ],
)


def say(phrases: Phrases, language: str, rng: Random) -> str:
    """Draw a phrase in the language."""
    return rng.choice(phrases[language])
