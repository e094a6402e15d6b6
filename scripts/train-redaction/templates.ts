/**
 * Sentences with slots, by language, for training the person tagger. {N} full name, {G} given, {F} family, {C} town, {K} country, {O} organisation,
 * {W} title of a work, {X} capitalised thing that is nobody, {Y} year, {D} day number, {M} month. Written by hand; `wiki` in the manner of
 * encyclopedias, `chat` in the manner of people talking to an assistant.
 */
export interface Templates {
  /** Locales of @faker-js/faker that names and towns are drawn from. */
  locales: readonly string[]
  chat: string
  wiki: string
}

export const templates: Record<string, Templates> = {
  en: {
    locales: ['en', 'en', 'en', 'en_IN', 'en_NG', 'en_GH', 'en_ZA', 'es_MX', 'vi', 'id_ID', 'tr', 'yo_NG', 'en_HK', 'af_ZA'],
    chat: `Hi, my name is {N} and I need help with my {X} account.
Hello! I am {N}, I live in {C}.
my name is {G}, what is yours?
i'm {G} from {C}
im {N} and i work at {O}
Please call me {G}.
Dear {G},
Dear Mr. {F},
Dear Ms. {N},
Dear Hiring Manager at {O},
Best regards,\\n{N}
Sincerely,\\n{N}\\n{O}
Thanks,\\n{G}
Kind regards,\\n\\n{N}\\nSenior Engineer, {O}
Write an email to {G} about the meeting in {C}.
Write a letter to Professor {F} asking for a recommendation.
Can you write a story about {G} and {G}, who travel to {C}?
Write a biography of {N}.
Who is {N}?
Tell me about {N} and the history of {C}.
{G}: How are you today?\\n{G}: I am fine, thanks!
{G} said that {G} will come to the party on Friday.
My friend {G} told me about {X}.
My wife {G} and my son {G} love {X}.
My boss, {N}, wants the report by Monday.
Mrs. {F} went to {C} with Dr. {F}.
{N} is the CEO of {O}.
"I don't know," {G} whispered.
{G}'s dog is called Rex.
What would {N} say about {X}?
Summarize the following: {N}, a {C} resident, was arrested on Tuesday by {O}.
Patient: {N}, DOB {D}/{D}/{Y}
Name: {N}\\nCity: {C}\\nCompany: {O}
Customer name: {N}
Contact {N} at {O} for details.
cc {G} and {G} on the email please
@everyone please welcome {N} to the {X} team
{G}, {G} and {G} are going to {C} in {M}.
If {G} has 5 apples and gives {G} 2, how many are left?
{G} bought {D} pens. {G} has twice as many as {G}.
Once upon a time there was a girl named {G}. {G} lived in {C}.
Have you seen the new movie with {N}?
{N} and {N} star in {W}.
I read {W} by {N} last year.
I want to visit {C} and {C} in {K}.
How do I install {X} on {X}?
Compare {X} with {X} in terms of speed.
Explain the difference between {X} and {X}.
Python and Java are languages. Use Docker or Kubernetes.
Is {C} bigger than {C}? How far is {K}?
The Great Wall is in China. The Eiffel Tower is in Paris.
Happy New Year! Merry Christmas and Happy Birthday!
As an AI language model, I cannot do that. However, I can help with {X}.
Sure! Here are some ideas for your trip to {C}:
Introduction: The Role of Technology in Modern Education
Chapter One: The Beginning of the End
Step One: Open the Settings menu and click Save.
May I ask a question? Will you mark the date? Hope to see you in June.
Will {G} come? Mark my words. Grace and Hope are virtues.
We met in May. Rose petals. Art class. Frank talk. Rich people. Bill the customer.
April showers bring May flowers in {C}.
I bought a Ford and a Tesla, and my Washington trip was nice.
He works at {O} in {C}, not at {O}.
Amazon, Google and Microsoft are in Seattle and California.
According to {O}, sales rose in {M} {Y}.
Monday, Tuesday and Wednesday I am in {C}.
Press Ctrl and Alt. Use the Open button. See Section Four.
The President and the Prime Minister of {K} met in {C}.
God bless. Jesus loves you. Oh my God.
RT @user : Love this song by {N} !
{G} {F} is trending , omg
just saw {N} at {C} airport lol
can't wait for the {W} concert tonight
Watching {W} with {G} :)
happy birthday {G} !! love u
Congrats {G} on the new job at {O} !
Good Morning {C} ! Have a Great Day Everyone
I Love This Song So Much
New Video Out Now On YouTube Go Check It Out
LOL THIS IS SO FUNNY
THANK YOU {N} FOR EVERYTHING
{F} scores again ! {O} 2 - 1 {O}
{F} to {F} , goal !
interview with {N} ( {O} ) on {X}
What's your name? {N}
{N} lives in {C}. {G}'s email is on file.
Meet {N} , our new intern from {C}
The {F} family moved to {C} in {Y}.
{N}\\n{O}\\n{C}
Mr {N} will arrive from {K} on {M} {D}.
The letter was signed by {N}.
It was directed by {N} and written by {N}.
Shipping to {N}, 12 {F} Street, {C}.
The {F} Institute and the {F} Prize are named after him.
{F} & Sons Ltd. is based in {C}. {F} Inc. hired {N}.
{O} announced that {N}, its chief executive, will leave.
Hey Siri, call {G}. Alexa, play {W}.
Senator {F} and Governor {F} debated in {C}.
Coach {F} praised {N} after the game against {O}.
Act as a doctor. Act as {N}.
Translate to French: {G} loves {G}.
Rewrite this: Hello {G}, I hope this email finds you well.
- {N}\\n- {N}\\n- {N}
1. {N}\\n2. {N}
| {N} | {C} | {O} |
Attendees: {N}, {N}, {N}
From: {N}\\nTo: {N}\\nSubject: {X}
Yours truly, {G} {F}
tell {G} i said hi
so {G} and i went to {C}
my mom's name is {G} and my dad's is {G}
her name was {G} and she was from {K}`,
    wiki: `In {Y}, {F} returned to {C} with {F} and {F}.
{F} and {F} developed the theory independently.
After the war, {F} was elected President of the {X}.
The {C} flows through {C}, {C} and {C} into the {C} Sea.
{C} United beat {C} City at {C} Park.
He received the Nobel Prize and the Order of Merit.
The government of {K} signed an agreement with {K} and {K}.
from {C} to {C}, {K} and {K}
Of course, here is the answer about {C}:
Certainly! {K} is a country. Actually, {C} is its capital. However, nobody lives in {C}.
Luckily, the team from {C} won. Honestly, I like {K}. Recently, {C} and {K} agreed.
Unfortunately, {O} and {O} lost the contract with {K}.
{N} ({Y} – {Y}) was an American actor and director.
{N} was born in {C}, {K}, on {D} {M} {Y}.
He was succeeded by {N}, who had served under {F}.
In {Y}, {F} moved to {C} and joined {O}.
The film stars {N}, {N} and {N}.
{W} is a {Y} novel by {N}.
{F} won the {X} Prize in {Y}.
The town was founded by {N} in {Y}.
{O} is a company based in {C}, {K}.
{C} is a town in the district of {C}, {K}.
The River {C} flows through {C} and {C}.
The Battle of {C} took place near {C} in {Y}.
He studied at the University of {C} and at {O}.
St. {G}'s Church in {C} was built in {Y}.
{O} defeated {O} in the final in {C}.
Mount {F} and Lake {F} are in {K}.
She is the daughter of {N} and {N}.
According to {F}, the theory of {F} was wrong.
The album was recorded with {N} on guitar and {N} on drums.
King {G} IV and Queen {G} visited {K}.
Pope {G} II, Emperor {G} and Saint {G} are mentioned.
{N}, mayor of {C}, opened the {F} Bridge.
The {F} Museum in {C} shows works by {N} and {F}.
It is named after {N}, a botanist from {C}.
Its members are {N} (vocals), {N} (bass) and {N}.`,
  },
  de: {
    locales: ['de', 'de', 'de_AT', 'de_CH', 'tr', 'hr'],
    chat: `Hallo, ich heiße {N} und brauche Hilfe mit {X}.
Ich bin {G} aus {C}.
mein name ist {N}
Mein Name ist {N}, ich wohne in {C}.
Sehr geehrter Herr {F},
Sehr geehrte Frau {N},
Liebe {G}, danke für deine Nachricht.
Mit freundlichen Grüßen\\n{N}
Viele Grüße,\\n{G}
Schreibe eine E-Mail an {G} wegen des Termins.
Meine Frau {G} und mein Sohn {G} fahren nach {C}.
Herr {F} und Frau {F} arbeiten bei {O}.
Dr. {F} hat mir {X} empfohlen.
Wer ist {N}?
Was kannst du mir über {N} erzählen?
{G} sagte, dass {G} am Montag kommt.
Frag {G}, ob er Zeit hat.
Wie weit ist es von {C} nach {C}?
Der Hund spielt mit dem Ball im Garten. Die Katze schläft im Haus.
Erkläre mir den Unterschied zwischen Arbeit und Kapital.
Schreibe einen Aufsatz über die Rolle der Frau in der Gesellschaft.
Die Regierung hat ein neues Gesetz zur Förderung der Wirtschaft beschlossen.
Bitte erstelle eine Tabelle mit den Spalten Name, Straße, Ort und Telefon.
Das Buch von {N} hat mir gefallen.
{G}s Auto steht vor dem Haus.
Am Freitag treffe ich {G} und {G} in der Stadt.`,
    wiki: `Nach dem Sieg kehrte {F} nach {C} zurück.
Die Koalition unter {F} und {F} hielt bis {Y}.
Der {C} fließt durch {C}, {C} und {C} in die Nordsee.
{O} gewann das Endspiel gegen {C} mit 2:1.
{F} lernte in {C} den Maler {N} kennen.
Er erhielt den Nobelpreis für Physik und das Bundesverdienstkreuz.
Natürlich, hier ist die Antwort: Die Würde des Menschen.
Leider hat {C} keinen Flughafen. Selbstverständlich liegt {C} in {K}.
Die Regierung von {K} schloss mit {K} einen Vertrag.
1923 zog {F} nach {C}, wo er {N} traf.
{N} (* {D}. {M} {Y} in {C}; † {D}. {M} {Y} in {C}) war ein deutscher Maler.
{N} wurde als Sohn des Kaufmanns {N} in {C} geboren.
Im Jahr {Y} heiratete er {N}, die Tochter von {N}.
Regie führte {N}, das Drehbuch schrieb {N}.
Sein Nachfolger wurde {N}.
Der Film {W} von {N} kam {Y} in die Kinos.
{F} studierte an der Universität {C} und arbeitete bei {O}.
{C} ist eine Gemeinde im Landkreis {C} in {K}.
Die Schlacht bei {C} fand im {M} {Y} statt.
Das Unternehmen {O} hat seinen Sitz in {C}.
König {G} II. und Kaiser {G} schlossen Frieden.
In der Hauptrolle war {N} zu sehen, neben {N} und {N}.
Die Kirche St. {G} in {C} stammt aus dem Jahr {Y}.
Nach dem Tod von {F} übernahm {N} die Leitung der Firma.
Der Fluss mündet bei {C} in den {C}.
Im Finale gewann {N} gegen {N} aus {K}.
Die Band besteht aus {N} (Gesang), {N} (Gitarre) und {N}.
Der Roman erschien {Y} im Verlag {O}.
Die Straße führt vom Bahnhof über den Marktplatz zum Schloss.
Bei den Wahlen erhielt die Partei die Mehrheit der Stimmen im Landtag.
Der Präsident {N} und Bundeskanzlerin {N} trafen sich in {C}.
Das Album {W} erreichte Platz {D} der Charts.
Er spielte für {O} und {O} in der Bundesliga.
Die Art wurde {Y} von {N} erstmals beschrieben.
Benannt ist der Krater nach {N}, einem Physiker.
{F} gilt als einer der wichtigsten Vertreter des Expressionismus.
Später zog {F} mit seiner Familie nach {C}.
Im Mittelalter gehörte der Ort zum Herzogtum {C}.
Die Bevölkerung lebt vor allem von der Landwirtschaft und dem Tourismus.
Der Zweite Weltkrieg begann mit dem Angriff auf {K}.`,
  },
  fr: {
    locales: ['fr', 'fr', 'fr_BE', 'fr_CH', 'fr_SN'],
    chat: `Bonjour, je m'appelle {N} et j'habite à {C}.
Je suis {G}, j'ai besoin d'aide.
mon nom est {N}
Cher Monsieur {F},
Chère {G}, merci pour ton message.
Cordialement,\\n{N}
Bien à vous,\\n{G} {F}
Écris un mail à {G} pour annuler la réunion.
Mon mari {G} et ma fille {G} adorent {X}.
Mme {F} travaille chez {O} à {C}.
Qui est {N} ?
Parle-moi de {N}.
{G} a dit que {G} viendra lundi.
Explique la différence entre {X} et {X}.
Quelle est la capitale de {K} ? Est-ce que {C} est loin de {C} ?
M. {F} et le docteur {F} se sont rencontrés à {C}.
J'ai vu le film de {N} hier avec {G}.
Demande à {G} si elle est libre.`,
    wiki: `{F} rencontre {F} à {C} en {Y}.
Après la guerre, {F} retourne à {C}.
La ville de {C} est traversée par la {C} et le {C}.
L'Olympique de {C} bat {O} au stade de {C}.
Il reçoit le prix Nobel de la paix et la Légion d'honneur.
Bien sûr, voici la réponse : les droits de l'homme.
Résume le texte suivant : {K} et {K}.
Le gouvernement de {K} signe un accord avec {K}.
Une rencontre entre {F} et {F} a lieu à {C}.
{N}, né le {D} {M} {Y} à {C} et mort le {D} {M} {Y} à {C}, est un peintre français.
{N} est la fille de {N} et de {N}.
Le film est réalisé par {N} avec {N} et {N}.
{W} est un roman de {N} publié en {Y}.
{C} est une commune française située dans le département de {C}.
L'Université de {C} et {O} collaborent depuis {Y}.
En {Y}, {F} devient président de {O}.
Il succède à {N}, nommé ministre.
La bataille de {C} oppose les troupes de {F} à celles du général {F}.
Le roi {G} IV épouse {G} en {Y}.
L'église Saint-{G} de {C} date du XIIe siècle.
Selon {F}, cette théorie est fausse.
La rue {F} et la place de la République se trouvent à {C}.
La chanson est écrite par {N} et composée par {N}.
Le club de {C} bat {O} en finale de la Coupe de France.
L'album {W} sort en {M} {Y}.
Il étudie à Paris auprès de {N}.
La Seconde Guerre mondiale éclate; l'Allemagne envahit la Pologne.
Parmi les membres : {N}, {N}, {N}.
{F} participe aux Jeux olympiques de {C}.
Le lycée {N} se trouve à {C}.
L'espèce a été décrite par {N} en {Y}.
Elle joue le rôle de {N} dans la série {W}.
Le cardinal {F} et l'empereur {G} signent le traité de {C}.`,
  },
  es: {
    locales: ['es', 'es', 'es_MX', 'es_MX'],
    chat: `Hola, me llamo {N} y vivo en {C}.
Soy {G}, necesito ayuda con {X}.
mi nombre es {N}
Estimado Sr. {F}:
Estimada {G}, gracias por tu mensaje.
Atentamente,\\n{N}
Saludos,\\n{G}
Escribe un correo a {G} sobre la reunión.
Mi esposa {G} y mi hijo {G} viven en {C}.
La señora {F} trabaja en {O}.
¿Quién es {N}?
¿Quién fue {N} y qué hizo en {K}?
{G} dijo que {G} llega el lunes.
Explica la diferencia entre {X} y {X}.
¿Cuál es la capital de {K}? ¿Dónde está {C}?
Don {G} y doña {G} fueron a {C}.
Ayer vi la película de {N} con {G}.`,
    wiki: `En {Y} {F} se sublevó contra el gobierno de {C}.
{F} y {F} se reunieron en {C}.
El río {C} pasa por {C} y desemboca en el {C}.
El {C} derrotó al {C} en el estadio de {C}.
Recibió el Premio Nobel de Literatura y la Orden de {K}.
Claro, aquí está la respuesta: los derechos humanos.
El gobierno de {K} firmó un acuerdo con {K}.
Tras la guerra, {F} regresó a {C}.
Los {X} grabaron el disco en {C}.
{N} {F} ({C}, {D} de {M} de {Y} – {C}, {Y}) fue un escritor español.
{N} nació en {C}, hijo de {N} y {N}.
La película fue dirigida por {N} y protagonizada por {N} y {N}.
{W} es una novela de {N} publicada en {Y}.
{C} es un municipio de la provincia de {C}, en {K}.
En {Y} {F} fue nombrado presidente de {O}.
Le sucedió {N}, que gobernó hasta {Y}.
La batalla de {C} tuvo lugar cerca de {C}.
El rey {G} III se casó con {G} de {C}.
La iglesia de San {G} se encuentra en {C}.
Según {F}, la obra fue escrita en {C}.
La Universidad de {C} y el Instituto {F} colaboran.
El Real {C} venció al Atlético {C} en la final.
El álbum {W} salió en {M} de {Y} con {O}.
La calle {F} une la plaza Mayor con el río {C}.
Estudió con {N} en la Escuela de Bellas Artes de {C}.
La Segunda Guerra Mundial comenzó en {K}.
La especie fue descrita por {N} en {Y}.
Entre sus miembros están {N}, {N} y {N}.
El gobernador {N} y el general {F} firmaron el tratado.
Interpretó a {N} en la serie {W}.`,
  },
  it: {
    locales: ['it'],
    chat: `Ciao, mi chiamo {N} e abito a {C}.
Sono {G}, ho bisogno di aiuto con {X}.
il mio nome è {N}
Gentile Sig. {F},
Cara {G}, grazie per il messaggio.
Cordiali saluti,\\n{N}
Scrivi una mail a {G} per la riunione.
Mia moglie {G} e mio figlio {G} vivono a {C}.
La signora {F} lavora presso {O}.
Chi è {N}?
{G} ha detto che {G} arriva lunedì.
Spiega la differenza tra {X} e {X}.
Qual è la capitale di {K}? Dove si trova {C}?
Il dottor {F} e l'avvocato {F} sono di {C}.`,
    wiki: `{F} sbarcò a {C} con i suoi uomini.
Il {C} nasce dal {C} e sfocia nel {C}.
Nel {Y} {F} incontrò {F} a {C}.
Il {C} ha vinto la Coppa Italia contro il {C}.
Ricevette il Premio Nobel per la letteratura.
Certo, ecco la risposta: i diritti dell'uomo.
Il governo di {K} firmò un accordo con la {K}.
Dopo la guerra {F} tornò a {C}.
{N} ({C}, {D} {M} {Y} – {C}, {D} {M} {Y}) è stato un pittore italiano.
{N} nacque a {C} da {N} e {N}.
Il film è diretto da {N} e interpretato da {N} e {N}.
{W} è un romanzo di {N} del {Y}.
{C} è un comune italiano della provincia di {C} in {K}.
Nel {Y} {F} divenne presidente della {O}.
Gli succedette {N}, già ministro.
La battaglia di {C} fu combattuta presso {C}.
Il re {G} II sposò {G} d'Austria.
La chiesa di San {G} si trova a {C}.
Secondo {F}, l'opera fu scritta a {C}.
L'Università di {C} e l'Istituto {F} collaborano.
La Juventus sconfisse il {C} in finale di Coppa Italia.
L'album {W} uscì nel {M} {Y}.
Via {F} collega piazza Garibaldi con il fiume {C}.
Studiò con {N} all'Accademia di {C}.
La Seconda guerra mondiale iniziò in {K}.
La specie fu descritta da {N} nel {Y}.
Tra i membri figurano {N}, {N} e {N}.
Papa {G} VI e il cardinale {F} firmarono il trattato.
Interpretò {N} nella serie {W}.`,
  },
  pt: {
    locales: ['pt_PT', 'pt_BR'],
    chat: `Olá, meu nome é {N} e moro em {C}.
Eu sou {G}, preciso de ajuda com {X}.
me chamo {N}
Prezado Sr. {F},
Querida {G}, obrigado pela mensagem.
Atenciosamente,\\n{N}
Abraços,\\n{G}
Escreva um e-mail para {G} sobre a reunião.
Minha esposa {G} e meu filho {G} moram em {C}.
A senhora {F} trabalha na {O}.
Quem é {N}?
{G} disse que {G} chega na segunda.
Explique a diferença entre {X} e {X}.
Qual é a capital de {K}? Onde fica {C}?
O doutor {F} e a professora {G} são de {C}.`,
    wiki: `{F} e {F} encontraram-se em {C}.
O rio {C} passa por {C} e deságua no {C}.
O {C} venceu o {C} no Estádio de {C}.
Recebeu o Prémio Nobel da Literatura.
Claro, aqui está a resposta: os direitos humanos.
O governo de {K} assinou um acordo com {K}.
Depois da guerra, {F} regressou a {C}.
Ninguém sabe onde fica {C}.
{N} ({C}, {D} de {M} de {Y} — {C}, {Y}) foi um escritor brasileiro.
{N} nasceu em {C}, filho de {N} e {N}.
O filme foi dirigido por {N} e estrelado por {N} e {N}.
{W} é um romance de {N} publicado em {Y}.
{C} é um município do estado de {C}, em {K}.
Em {Y}, {F} foi nomeado presidente da {O}.
Foi sucedido por {N}, que governou até {Y}.
A batalha de {C} ocorreu perto de {C}.
O rei {G} III casou-se com {G} de {C}.
A igreja de São {G} fica em {C}.
Segundo {F}, a obra foi escrita em {C}.
A Universidade de {C} e o Instituto {F} colaboram.
O Sporting venceu o {C} na final da Taça.
O álbum {W} foi lançado em {M} de {Y} pela {O}.
A Rua {F} liga a Praça da República ao rio {C}.
Estudou com {N} na Escola de Belas Artes de {C}.
A Segunda Guerra Mundial começou na {K}.
A espécie foi descrita por {N} em {Y}.
Entre os membros estão {N}, {N} e {N}.
O governador {N} e o general {F} assinaram o tratado.
Interpretou {N} na série {W}.`,
  },
  nl: {
    locales: ['nl', 'nl', 'nl_BE'],
    chat: `Hallo, mijn naam is {N} en ik woon in {C}.
Ik ben {G}, ik heb hulp nodig met {X}.
ik heet {N}
Geachte heer {F},
Beste {G}, bedankt voor je bericht.
Met vriendelijke groet,\\n{N}
Groetjes,\\n{G}
Schrijf een mail aan {G} over de vergadering.
Mijn vrouw {G} en mijn zoon {G} wonen in {C}.
Mevrouw {F} werkt bij {O}.
Wie is {N}?
{G} zei dat {G} maandag komt.
Leg het verschil uit tussen {X} en {X}.
Wat is de hoofdstad van {K}? Waar ligt {C}?`,
    wiki: `{F} en {F} ontmoetten elkaar in {C}.
De {C} stroomt door {C} en {C}.
{O} won de finale van {C} in {C}.
Hij ontving de Nobelprijs voor de Vrede.
Natuurlijk, hier is het antwoord: de rechten van de mens.
De regering van {K} tekende een verdrag met {K}.
Na de oorlog keerde {F} terug naar {C}.
In {Y} sprak {F} met premier {F} in {C}.
{N} ({C}, {D} {M} {Y} – aldaar, {D} {M} {Y}) was een Nederlands schilder.
{N} werd geboren in {C} als zoon van {N} en {N}.
De film werd geregisseerd door {N} met {N} en {N} in de hoofdrollen.
{W} is een roman van {N} uit {Y}.
{C} is een gemeente in de provincie {C} in {K}.
In {Y} werd {F} benoemd tot directeur van {O}.
Hij werd opgevolgd door {N}.
De Slag bij {C} vond plaats bij {C}.
Koning {G} II trouwde met {G} van {C}.
De Sint-{G}kerk staat in {C}.
Volgens {F} werd het werk in {C} geschreven.
De Universiteit van {C} en het {F} Instituut werken samen.
Ajax versloeg {C} in de finale van de KNVB beker.
Het album {W} verscheen in {M} {Y} bij {O}.
De {F}straat ligt tussen het Centraal Station en de {C}.
Hij studeerde bij {N} aan de Academie van {C}.
De Tweede Wereldoorlog begon in {K}.
De soort werd beschreven door {N} in {Y}.
Leden van de band zijn {N}, {N} en {N}.
Burgemeester {N} en minister {F} tekenden het verdrag.
Zij speelde {N} in de serie {W}.`,
  },
  pl: {
    locales: ['pl'],
    chat: `Cześć, nazywam się {N} i mieszkam w {C}.
Jestem {G}, potrzebuję pomocy z {X}.
mam na imię {G}
Szanowny Panie {F},
Droga {G}, dziękuję za wiadomość.
Z poważaniem,\\n{N}
Pozdrawiam,\\n{G}
Napisz maila do {G} w sprawie spotkania.
Moja żona {G} i mój syn {G} mieszkają w {C}.
Pani {F} pracuje w {O}.
Kim jest {N}?
{G} powiedział, że {G} przyjedzie w poniedziałek.
Wyjaśnij różnicę między {X} a {X}.
Jaka jest stolica {K}? Gdzie leży {C}?`,
    wiki: `{F} i {F} spotkali się w {C}.
{C} przepływa przez {C}, {C} i {C}.
{O} pokonała {C} 3:0.
Otrzymał Pokojową Nagrodę Nobla oraz Order Orła Białego.
Oczywiście, oto odpowiedź: prawa człowieka.
Rząd {K} podpisał umowę z {K}.
Po wojnie {F} wrócił do {C}.
Film powstał na podstawie powieści {F}.
{N} (ur. {D} {M} {Y} w {C}, zm. {D} {M} {Y} w {C}) – polski malarz.
{N} urodził się w {C} jako syn {N} i {N}.
Film wyreżyserował {N}, a główne role zagrali {N} i {N}.
{W} – powieść {N} z {Y} roku.
{C} – wieś w Polsce położona w województwie {C}, w gminie {C}.
W {Y} roku {F} został mianowany dyrektorem {O}.
Jego następcą został {N}.
Bitwa pod {C} odbyła się niedaleko {C}.
Król {G} III poślubił {G} z {C}.
Kościół św. {G} znajduje się w {C}.
Według {F} dzieło powstało w {C}.
Uniwersytet w {C} oraz Instytut {F} współpracują.
Legia pokonała {C} w finale Pucharu Polski.
Album {W} ukazał się w {M} {Y} nakładem {O}.
Ulica {F} łączy Rynek z rzeką {C}.
Studiował u {N} w Akademii Sztuk Pięknych w {C}.
II wojna światowa rozpoczęła się w {K}.
Gatunek opisał {N} w {Y} roku.
W skład zespołu wchodzą {N}, {N} i {N}.
Prezydent {N} i generał {F} podpisali traktat.
Zagrała {N} w serialu {W}.`,
  },
  ru: {
    locales: ['ru', 'ru', 'uk', 'mk'],
    chat: `Привет, меня зовут {N}, я живу в {C}.
Я {G}, мне нужна помощь с {X}.
меня зовут {G}
Уважаемый {N}!
Дорогая {G}, спасибо за письмо.
С уважением,\\n{N}
Напиши письмо {G} о встрече.
Моя жена {G} и мой сын {G} живут в {C}.
Господин {F} работает в {O}.
Кто такой {N}?
{G} сказал, что {G} придёт в понедельник.
Объясни разницу между {X} и {X}.
Какая столица у {K}? Где находится {C}?
Расскажи про {N}.`,
    wiki: `{F} и {F} встретились в {C}.
Река {C} впадает в {C} море.
«{C}» обыграл «{C}» на стадионе в {C}.
Он получил Нобелевскую премию и орден Ленина.
Конечно, вот ответ: права человека.
Правительство {K} подписало договор с {K}.
После войны {F} вернулся в {C}.
{F} родился в {C} и учился в лицее.
Роман написал {F} в {Y} году.
{N} ({D} {M} {Y}, {C} — {D} {M} {Y}, {C}) — российский художник.
{F}, {G} — советский актёр.
{N} родился в городе {C} в семье {N}.
Режиссёр фильма — {N}, в главных ролях {N} и {N}.
«{W}» — роман {N}, изданный в {Y} году.
{C} — город в {K}, административный центр района {C}.
В {Y} году {F} был назначен директором {O}.
Его преемником стал {N}.
Битва при {C} произошла недалеко от {C}.
Король {G} III женился на {G}.
Церковь Святого {G} находится в {C}.
По мнению {F}, произведение написано в {C}.
Университет {C} и Институт имени {F} сотрудничают.
«Спартак» победил «{C}» в финале Кубка России.
Альбом «{W}» вышел в {M} {Y} года.
Улица {F} соединяет площадь Победы с рекой {C}.
Учился у {N} в Академии художеств в {C}.
Вторая мировая война началась в {K}.
Вид описан {N} в {Y} году.
В состав группы входят {N}, {N} и {N}.
Президент {N} и генерал {F} подписали договор.
Она сыграла {N} в сериале «{W}».
А. С. {F} и Л. Н. {F} были знакомы.`,
  },
  tr: {
    locales: ['tr', 'az'],
    chat: `Merhaba, benim adım {N}, {C} şehrinde yaşıyorum.
Sayın {F} Bey,
Sevgili {G}, mesajın için teşekkürler.
Saygılarımla,\\n{N}
{G}'e toplantı hakkında bir e-posta yaz.
Eşim {G} ve oğlum {G} {C}'da.
{N} kimdir?
{G} dedi ki {G} pazartesi geliyor.
{X} ile {X} arasındaki farkı açıkla.`,
    wiki: `{N} ({D} {M} {Y}, {C} - {Y}), Türk oyuncu.
Filmin yönetmeni {N}, başrollerde {N} ve {N}.
{C}, {K}'nin bir ilçesidir.
{F}, {Y} yılında {O} başkanı oldu.`,
  },
  sv: {
    locales: ['sv', 'da', 'nb_NO', 'fi'],
    chat: `Hej, jag heter {N} och bor i {C}.
Hei, mitt navn er {N}.
Kära {G}, tack för ditt meddelande.
Med vänliga hälsningar,\\n{N}
Skriv ett mejl till {G} om mötet.
Min fru {G} och min son {G} bor i {C}.
Vem är {N}?
Hvem er {N}? {G} sagde, at {G} kommer.
Förklara skillnaden mellan {X} och {X}.`,
    wiki: `{N}, född {D} {M} {Y} i {C}, är en svensk skådespelare.
{C} er en by i {K}. {F} var direktør for {O}.
Filmen regisserades av {N} med {N} i huvudrollen.`,
  },
  cs: {
    locales: ['cs_CZ', 'sk', 'sl_SI', 'hr', 'sr_RS_latin'],
    chat: `Ahoj, jmenuji se {N} a bydlím v {C}.
Vážený pane {F},
S pozdravem,\\n{N}
Moje žena {G} a syn {G} jsou v {C}.
Kdo je {N}?
{G} řekl, že {G} přijde v pondělí.
Zovem se {N} i živim u {C}.
Vysvětli rozdíl mezi {X} a {X}.`,
    wiki: `{N} ({D}. {M} {Y} {C} – {Y} {C}) byl český herec.
{C} je obec v okrese {C} v {K}.
Režisérem filmu je {N}, hrají {N} a {N}.
V roce {Y} se {F} stal ředitelem {O}.`,
  },
  hu: {
    locales: ['hu'],
    chat: `Szia, {N} vagyok {C} városból.
A nevem {N}.
Kedves {G}, köszönöm!
Üdvözlettel,\\n{N}
Ki az a {N}?`,
    wiki: `{N} ({C}, {Y}. {M} {D}. –) magyar színész.
{C} város {K} területén.
A filmet {N} rendezte.`,
  },
  ro: {
    locales: ['ro', 'ro_MD'],
    chat: `Bună, mă numesc {N} și locuiesc în {C}.
Numele meu este {N}.
Stimate domnule {F},
Cu stimă,\\n{N}
Soția mea {G} și fiul meu {G} sunt în {C}.
Cine este {N}?`,
    wiki: `{N} (n. {D} {M} {Y}, {C}) este un actor român.
{C} este o comună în județul {C}, {K}.
Filmul a fost regizat de {N}, cu {N} și {N}.`,
  },
  el: {
    locales: ['el'],
    chat: `Γεια σας, με λένε {N} και μένω στην {C}.
Το όνομά μου είναι {N}.
Αγαπητέ κύριε {F},
Με εκτίμηση,\\n{N}
Ποιος είναι ο {N};
Ο {G} είπε ότι η {G} έρχεται.
Εξήγησε τη διαφορά μεταξύ {X} και {X}.`,
    wiki: `Ο {N} ({C}, {Y} – {Y}) ήταν Έλληνας ηθοποιός.
Η {C} είναι πόλη στην {K}.
Η ταινία σκηνοθετήθηκε από τον {N}.`,
  },
  id: {
    locales: ['id_ID', 'vi', 'uz_UZ_latin', 'ku_kmr_latin'],
    chat: `Halo, nama saya {N} dari {C}.
Xin chào, tôi tên là {N}, tôi sống ở {C}.
Yth. Bapak {F},
Salam,\\n{N}
Istri saya {G} dan anak saya {G} tinggal di {C}.
Siapa {N}?
Jelaskan perbedaan antara {X} dan {X}.`,
    wiki: `{N} (lahir di {C}, {D} {M} {Y}) adalah pemeran.
{C} adalah kota di {K}.
Film ini disutradarai oleh {N}.`,
  },
  ar: {
    locales: ['ar', 'fa', 'ur', 'ku_ckb'],
    chat: `مرحبا، اسمي {N} وأعيش في {C}.
أنا {G} من {C}.
عزيزي {G}، شكرا لك.
مع التحية،\\n{N}
من هو {N}؟
قال {G} إن {G} سيأتي.
السيد {F} يعمل في {C}.
اكتب رسالة إلى {G}.
ما هي عاصمة البلاد؟ اشرح الفرق بين العلم والفن.
سلام، اسم من {N} است.
میرا نام {N} ہے۔`,
    wiki: `{N} ممثل ولد في {C} عام {Y}.
{C} مدينة في البلاد.
أخرج الفيلم {N}.`,
  },
  he: {
    locales: ['he'],
    chat: `שלום, שמי {N} ואני גר ב{C}.
קוראים לי {G}.
אני {G}, אני צריך עזרה.
{G} היקרה, תודה על ההודעה.
בברכה,\\n{N}
מי זה {N}?
{G} אמר ש{G} יבוא ביום שני.
מה ההבדל בין מדע לאמנות?`,
    wiki: `{N} (נולד ב{C}) הוא שחקן ישראלי.
{C} היא עיר בצפון הארץ.
את הסרט ביים {N}.`,
  },
  hi: {
    locales: ['ne', 'hi'],
    chat: `नमस्ते, मेरा नाम {N} है।
मैं {G} हूँ और {C} में रहता हूँ।
प्रिय {G}, आपका धन्यवाद।
{N} कौन हैं?
{G} ने कहा कि {G} सोमवार को आएगा।
श्री {F} दिल्ली में काम करते हैं।
मेरी पत्नी {G} और मेरा बेटा {G} घर पर हैं।
विज्ञान और कला में क्या अंतर है?
मेरो नाम {N} हो।`,
    wiki: `{N} एक भारतीय अभिनेता हैं।
{C} भारत का एक शहर है।
इस फिल्म का निर्देशन {N} ने किया।`,
  },
  ka: {
    locales: ['ka_GE', 'hy'],
    chat: `გამარჯობა, მე მქვია {N}.
ჩემი სახელია {N}.
ვინ არის {N}?
Ես {N} եմ։`,
    wiki: `{N} არის მსახიობი.`,
  },
}
