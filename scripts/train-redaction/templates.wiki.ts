/** Further encyclopedic sentences by language, in the slots of templates.ts: longer, with names of places, works, organisations and species beside persons'. */
export const encyclopedia: Record<string, string> = {
  en: `The screenplay was adapted by {N} from a short story by {F}, with a score by {N}.
{F}'s reign ended when {G} of {C} crossed the River {C} with an army.
The {C} Railway was opened in {Y} between {C} and {C} and later became part of {O}.
Among his pupils were {N}, {N} and the future bishop of {C}, {N}.
The genus was named by {F} in honour of {N}, who collected plants near {C}.
He transferred to {C} Town in {Y} and made his debut against {C} Rovers, replacing {F} at half-time.
The building, designed by {N} in the Gothic Revival style, stands on {F} Street near the {C} River.
{W} reached number {D} on the Billboard Hot 100 and was certified platinum by {O}.
The Treaty of {C} ended the war between {K} and {K}.
Lake {C} and the {C} Mountains lie north of {C} in {K}.
His wife, {N}, and their daughters {G} and {G} survived him.
General {F} ordered {F} to hold the ridge until {F}'s brigade arrived from {C}.
The {C} Declaration was adopted by the General Assembly of the United Nations in {Y}.
The crater on the Moon is named after him, as are {F} Glacier and Mount {F} in Antarctica.
{F}, {F} and {F} shared the Nobel Prize in Chemistry in {Y}.
Critics praised {F}'s performance; {N} of {O} called it a triumph.
The Act of Parliament received Royal Assent on {D} {M} {Y}.
In the final she defeated {N} of {K} in straight sets at the {C} Open.
{G} "{G}" {F} ({D} {M} {Y} – {D} {M} {Y}) was a Canadian ice hockey player.
The series follows {G}, a detective from {C} played by {N}, and her partner {G}.
It is the seat of {F} County and lies on Interstate {D} west of {C}.
The party, led by {N} since {Y}, won {D} seats in the House of Representatives.
The Roman Catholic Diocese of {C} was created by Pope {G} II in {Y}.
Sir {N}, 3rd Baronet, was Member of Parliament for {C}.
Windows, Linux and Mac OS versions of {W} were released by {O} in {M} {Y}.
The Jurassic sandstone overlies Triassic shale of the {C} Formation.
{F} et al. showed that the enzyme binds DNA in the presence of magnesium.
Judge {F} dismissed the case against {O} in {M} {Y}.
His brother {G} founded {O}, a record label in {C}.
{O} and {O} agreed to merge in {Y}.
{C} is the capital of {C}, and {C} is its largest city.
The county borders {C}, {C} and {K}.
The Gospel of {G} and the Book of {G} belong to the Bible.
The species occurs in {K} and {K}.
The coach relied on {N} and {N} in the quarter-final.`,
  de: `Die Regisseurin {N} besetzte die Hauptrollen mit {N} und {N}; die Musik stammt von {N}.
Unter Bischof {G} von {C} entstand im {D}. Jahrhundert die Pfarrkirche von {C}.
Der Verein {O} wurde {Y} in {C} gegründet und spielte mehrere Jahre in der Oberliga.
{F} promovierte bei {N} an der Technischen Hochschule {C} über Fragen der Thermodynamik.
Die Bahnstrecke von {C} nach {C} führt durch das Tal der {C}.
{N} (geborene {F}; * {Y} in {C}) ist eine österreichische Schriftstellerin.
Nach Ansicht von {F} und {F} ist die Handschrift im Kloster {C} entstanden.
Der {F}-Platz in {C} erinnert an den Dichter, ebenso das {F}-Gymnasium.
Das Amt {C} umfasste die Dörfer {C}, {C} und {C}.
Bei der Bundestagswahl {Y} unterlag {F} seinem Herausforderer {N} von der SPD.
Die Gattung wurde {Y} von {F} aufgestellt; Typusart ist eine Pflanze aus {K}.
Graf {G} I. teilte das Land unter seine Söhne {G}, {G} und {G}.
Im Ersten Weltkrieg diente er als Leutnant im Infanterie-Regiment der preußischen Armee.
Die Firma {O} übernahm {Y} den Konkurrenten {O} und verlegte den Sitz nach {C}.
Seine Tochter {G} war mit dem Maler {N} verheiratet.
Die Landesregierung unter Ministerpräsident {F} beschloss den Bau der Autobahn.
{W} ist das zweite Studioalbum der Band {O}, produziert von {N}.
Der Bezirk {C} grenzt im Norden an {C} und im Osten an {K}.
In der zweiten Halbzeit erzielte {F} nach Vorlage von {F} den Ausgleich für {O}.
Die Arie wurde von {N} gesungen, am Klavier begleitete {N}.
Der Roman handelt von der jungen {G}, die mit ihrem Bruder {G} nach {C} reist.
Die Europäische Kommission genehmigte die Übernahme im {M} {Y}.
Laut Brockhaus bezeichnet der Begriff in der Philosophie eine Form der Erkenntnis.
Den Grand Prix von {K} gewann {N} vor {N} und {N}.
Am {D}. {M} {Y} wurde das Denkmal für {N} vor dem Rathaus enthüllt.
Die Heilige {G} und der Apostel {G} sind auf den Seitenflügeln des Altars dargestellt.
Die Stiftung Warentest und der Deutsche Wetterdienst haben ihren Sitz in {C} und {C}.
König {G} verlieh dem Ort die Stadtrechte.
Das Gebiet grenzt an {C}, {C} und {K}.
Das Buch erschien in {C} und wurde in {C} übersetzt.
Die Art kommt in {K} und {K} vor.
Die etwa zwölf Arten leben in den Wäldern von {K}.
In der Saison erzielte {F} zwölf Tore für {O}.
Ihre Schwester {G} heiratete den Kaufmann {N}.`,
  fr: `Le scénario, signé {N}, est tiré d'une nouvelle de {N}, et la musique est de {N}.
L'évêque {G} de {C} consacra l'abbaye en présence du comte {G}.
La ligne de chemin de fer reliant {C} à {C} traverse la vallée de la {C}.
{N}, né le {D} {M} {Y} à {C} et mort à {C}, est un peintre et graveur français.
Selon {F} et {F}, le manuscrit proviendrait du monastère de {C}.
Le lycée {N} et la rue {F} rappellent son souvenir à {C}.
Les communes de {C}, {C} et {C} font partie du canton de {C}.
Aux élections de {Y}, {F} est battu par {N}, candidat du Parti radical.
Le genre a été décrit par {F} en {Y} à partir d'un spécimen récolté au {K}.
Sa fille {G} épouse le sculpteur {N}, dont elle a deux enfants, {G} et {G}.
Le maréchal {F} confie à {F} le commandement de l'aile gauche.
L'entreprise {O} rachète {O} en {Y} et s'installe à {C}.
{W} est le troisième album studio de {N}, sorti chez {O}.
L'Organisation des Nations unies et l'Union européenne condamnent l'intervention.
En demi-finale, {N} bat {N}, tenante du titre, au tournoi de {C}.
Le roman raconte l'histoire de {G}, une jeune femme de {C}, et de son frère {G}.
Le conseil municipal, présidé par {N}, vote la construction du pont sur la {C}.
La cathédrale Notre-Dame et l'église Saint-{G} sont classées monuments historiques.
Il étudie à l'École normale supérieure avec {N} et {N}.
Premier ministre de {Y} à {Y}, {F} nomme {N} ministre de l'Intérieur.
L'attaquant rejoint l'{C} où il retrouve son entraîneur {N}.
La guerre de Cent Ans oppose le royaume de France à celui d'Angleterre.
Le roi {G} II donne le fief de {C} à son neveu {G}.
Dans le rôle du commissaire, {N} donne la réplique à {N}.
Le parc national du {C} s'étend sur les Alpes et le Jura.
Le prix {F} est décerné à {N} pour {W}.
La revue Annales publie un article de {F} sur l'économie du Moyen Âge.
La région est bordée par {C}, {C} et {K}.
Le massif du {C} et la plaine de {C} se trouvent en {K}.
L'ouvrage paraît à {C} en {Y}, puis à {C}.
Cette espèce vit au {K} et en {K}.
Elle fréquente l'Académie {F}, puis s'installe à {C}.`,
  es: `El guion, escrito por {N}, se basa en un cuento de {N}, con música de {N}.
El obispo {G} de {C} consagró la catedral en presencia del rey {G}.
La línea de ferrocarril entre {C} y {C} atraviesa el valle del río {C}.
{N} ({C}, {D} de {M} de {Y}) es una escritora y periodista mexicana.
Según {F} y {F}, el manuscrito procede del monasterio de {C}.
El Instituto {N} y la avenida {F} llevan su nombre en {C}.
Los municipios de {C}, {C} y {C} forman parte de la provincia de {C}.
En las elecciones de {Y}, {F} fue derrotado por {N}, candidato del Partido Liberal.
El género fue descrito por {F} en {Y} a partir de un ejemplar recogido en {K}.
Su hija {G} se casó con el pintor {N}, con quien tuvo dos hijos, {G} y {G}.
El general {F} ordenó a {F} que defendiera la plaza hasta la llegada de {F}.
La empresa {O} compró {O} en {Y} y trasladó su sede a {C}.
{W} es el tercer álbum de estudio de {N}, publicado por {O}.
La Organización de las Naciones Unidas y la Unión Europea condenaron el golpe de Estado.
En semifinales, {N} venció a {N}, defensora del título, en el torneo de {C}.
La novela cuenta la historia de {G}, una joven de {C}, y de su hermano {G}.
El Ayuntamiento, presidido por {N}, aprobó la construcción del puente sobre el {C}.
La Guerra Civil dividió al país; las tropas de {F} entraron en {C} en {M}.
El rey {G} II concedió el señorío de {C} a su sobrino {G}.
Durante el gobierno de {F} se firmó el Tratado de {C} con {K}.
El delantero llegó al Club Deportivo {C}, donde coincidió con {N}.
Estudió Filosofía y Letras en la Universidad Complutense con {N}.
El premio {F} fue otorgado a {N} por {W}.
El Parque Nacional {C} protege parte de la Sierra de {C}.
La revista Nature publicó el estudio de {F}.
El papa {G} XII nombró a {N} arzobispo de {C}.
El Tribunal Supremo confirmó la sentencia en {M} de {Y}.
La provincia limita al norte con {C}, al sur con {C} y al oeste con {K}.
La Sierra de {C} y la Cordillera {C} atraviesan {K}.
El libro se publicó en {C} y se tradujo en {C} en {Y}.
Es una especie propia de {K} y {K}.
Pasó su infancia en tierras de {C}, cerca de {C}.`,
  it: `La sceneggiatura di {N} è tratta da un racconto di {N}, con le musiche di {N}.
Il vescovo {G} di {C} consacrò l'abbazia alla presenza del conte {G}.
La linea ferroviaria tra {C} e {C} attraversa la valle del {C}.
{N} ({C}, {D} {M} {Y}) è una scrittrice e giornalista italiana.
Secondo {F} e {F}, il manoscritto proviene dal monastero di {C}.
Il liceo {N} e via {F} ne ricordano il nome a {C}.
I comuni di {C}, {C} e {C} fanno parte della provincia di {C}.
Alle elezioni del {Y} {F} fu sconfitto da {N}, candidato della Democrazia Cristiana.
Il genere fu descritto da {F} nel {Y} su un esemplare raccolto in {K}.
La figlia {G} sposò il pittore {N}, da cui ebbe due figli, {G} e {G}.
Il generale {F} affidò a {F} il comando dell'ala sinistra.
L'azienda {O} acquistò la {O} nel {Y} e si trasferì a {C}.
{W} è il terzo album in studio di {N}, pubblicato dalla {O}.
L'Organizzazione delle Nazioni Unite e l'Unione europea condannarono l'intervento.
In semifinale {N} batté {N}, detentrice del titolo, al torneo di {C}.
Il romanzo narra la storia di {G}, una ragazza di {C}, e del fratello {G}.
Il consiglio comunale, presieduto da {N}, approvò la costruzione del ponte sul {C}.
Durante la prima guerra mondiale combatté sul Carso con il grado di capitano.
Il re {G} II concesse il feudo di {C} al nipote {G}.
Il governo {F} firmò con la {K} il Trattato di {C}.
L'attaccante passò al {C}, dove ritrovò l'allenatore {N}.
Studiò giurisprudenza all'Università La Sapienza con {N}.
Il premio {F} fu assegnato a {N} per {W}.
Il Parco nazionale del {C} si estende tra il Lazio e l'Abruzzo.
La rivista Nature pubblicò lo studio di {F}.
Papa {G} XII nominò {N} arcivescovo di {C}.
La Corte costituzionale confermò la sentenza nel {M} {Y}.
La regione confina con {C}, {C} e la {K}.
La valle di {C} e il lago di {C} si trovano in {K}.
Il libro uscì a {C} e fu tradotto a {C} nel {Y}.
È una specie diffusa in {K} e in {K}.`,
  pt: `O argumento, escrito por {N}, baseia-se num conto de {N}, com música de {N}.
O bispo {G} de {C} consagrou a catedral na presença do rei D. {G}.
A linha férrea entre {C} e {C} atravessa o vale do rio {C}.
{N} ({C}, {D} de {M} de {Y}) é uma escritora e jornalista portuguesa.
Segundo {F} e {F}, o manuscrito provém do mosteiro de {C}.
A Escola Secundária {N} e a avenida {F} lembram o seu nome em {C}.
Os municípios de {C}, {C} e {C} fazem parte do distrito de {C}.
Nas eleições de {Y}, {F} foi derrotado por {N}, candidato do Partido Liberal.
O género foi descrito por {F} em {Y} com base num exemplar recolhido em {K}.
A sua filha {G} casou com o pintor {N}, de quem teve dois filhos, {G} e {G}.
O general {F} ordenou a {F} que defendesse a praça até à chegada de {F}.
A empresa {O} comprou a {O} em {Y} e mudou a sede para {C}.
{W} é o terceiro álbum de estúdio de {N}, lançado pela {O}.
A Organização das Nações Unidas e a União Europeia condenaram o golpe de Estado.
Nas meias-finais, {N} venceu {N}, detentora do título, no torneio de {C}.
O romance conta a história de {G}, uma jovem de {C}, e do seu irmão {G}.
A Câmara Municipal, presidida por {N}, aprovou a construção da ponte sobre o {C}.
Durante a ditadura militar, {N} exilou-se em {K}.
O rei {G} II doou o senhorio de {C} ao sobrinho {G}.
Durante o governo de {F} foi assinado o Tratado de {C} com a {K}.
O atacante transferiu-se para o {C}, onde reencontrou o técnico {N}.
Estudou Direito na Universidade de Coimbra com {N}.
O prémio {F} foi atribuído a {N} por {W}.
O Parque Nacional da Serra da {C} protege a Mata Atlântica.
A revista Nature publicou o estudo de {F}.
O papa {G} XII nomeou {N} arcebispo de {C}.
O Supremo Tribunal Federal confirmou a sentença em {M} de {Y}.
O estado faz divisa com {C}, {C} e {K}.
A bacia de {C} e a serra de {C} ficam em {K}.
O livro foi publicado em {C} e traduzido em {C} em {Y}.
É uma espécie própria de {K} e {K}.
A ponte {N} liga {C} a {C}.`,
  nl: `Het scenario van {N} is gebaseerd op een verhaal van {N}, met muziek van {N}.
Bisschop {G} van {C} wijdde de abdij in aanwezigheid van graaf {G}.
De spoorlijn van {C} naar {C} loopt door het dal van de {C}.
{N} ({C}, {D} {M} {Y}) is een Vlaamse schrijfster en journaliste.
Volgens {F} en {F} komt het handschrift uit het klooster van {C}.
Het {F}college en de {N}laan in {C} zijn naar hem genoemd.
De dorpen {C}, {C} en {C} horen bij de gemeente {C}.
Bij de verkiezingen van {Y} werd {F} verslagen door {N} van de Partij van de Arbeid.
Het geslacht werd in {Y} door {F} beschreven aan de hand van een plant uit {K}.
Zijn dochter {G} trouwde met de schilder {N} en kreeg twee kinderen, {G} en {G}.
Generaal {F} gaf {F} het bevel over de linkervleugel.
Het bedrijf {O} nam in {Y} {O} over en verhuisde naar {C}.
{W} is het derde studioalbum van {N}, uitgebracht door {O}.
De Verenigde Naties en de Europese Unie veroordeelden de inval.
In de halve finale versloeg {N} titelverdedigster {N} op het toernooi van {C}.
De roman vertelt het verhaal van {G}, een meisje uit {C}, en haar broer {G}.
Tijdens de Eerste Wereldoorlog bleef Nederland neutraal.
Koning {G} II schonk de heerlijkheid {C} aan zijn neef {G}.
Het kabinet-{F} sloot met {K} het Verdrag van {C}.
De aanvaller vertrok naar {C}, waar {N} trainer was.
Hij studeerde rechten aan de Vrije Universiteit bij {N}.
De {F}prijs ging naar {N} voor {W}.
Het Nationaal Park De {C} ligt op de Veluwe.
Paus {G} XII benoemde {N} tot aartsbisschop van {C}.
De Hoge Raad bevestigde het vonnis in {M} {Y}.
Van {F} en {F} speelden in het middenveld, {N} stond in het doel.
Het gebied grenst aan {C}, {C} en {K}.
Het boek verscheen in {C} en werd in {C} vertaald.
De soort komt voor in {K} en {K}.
Het Kanaal van {C} naar {C} loopt door {C}.`,
  pl: `Scenariusz napisał {N} na podstawie opowiadania {F}, muzykę skomponował {N}.
Biskup {G} poświęcił klasztor w obecności księcia {G}.
Linia kolejowa z {C} do {C} biegnie doliną rzeki {C}.
{N} (ur. {D} {M} {Y} w {C}) – polska pisarka i dziennikarka.
Zdaniem {F} i {F} rękopis pochodzi z klasztoru w {C}.
Imię {F} nosi liceum w {C} oraz aleja {F} w {C}.
Wsie {C}, {C} i {C} należą do gminy {C} w powiecie {C}.
W wyborach w {Y} roku {F} przegrał z kandydatem Polskiego Stronnictwa Ludowego {N}.
Rodzaj został opisany przez {F} w {Y} roku na podstawie okazu z {K}.
Jego córka {G} wyszła za malarza {N}, z którym miała synów {G} i {G}.
Generał {F} powierzył dowództwo {F}.
Spółka {O} przejęła {O} i przeniosła siedzibę do {C}.
{W} to trzeci album studyjny zespołu {O}, wyprodukowany przez {N}.
Organizacja Narodów Zjednoczonych i Unia Europejska potępiły interwencję.
W półfinale {N} pokonała {N} z {K} w turnieju w {C}.
Powieść opowiada historię {G}, dziewczyny z {C}, i jej brata {G}.
Podczas I wojny światowej walczył w Legionach Polskich.
Król {G} II nadał dobra {C} swojemu bratankowi {G}.
Rząd {F} zawarł z {K} traktat w {C}.
Napastnik przeszedł do {O}, gdzie trenerem był {N}.
Studiował prawo na Uniwersytecie Jagiellońskim u {N}.
Nagrodę {F} otrzymał {N} za {W}.
Park Narodowy {C} leży w Karpatach.
Papież {G} XII mianował {N} arcybiskupem {C}.
Trybunał Konstytucyjny podtrzymał wyrok w {M} {Y} roku.
Przyjaźnił się z {N} oraz z {N}.
Obszar graniczy z {C}, {C} oraz {K}.
Książka ukazała się w {C} i została przetłumaczona w {C}.
Gatunek występuje w {K} i {K}.
Leży na południe od {C}, nad {C}.
Wojska zajęły {C} i {C}.
{C} wygrała z {C} po golu {F}.
Spółka powstała z połączenia {O} i {O}.
Premierem został {N}, a ministrem {N}.`,
  ru: `Сценарий написал {N} по рассказу {F}, музыку сочинил {N}.
Епископ {G} освятил монастырь в присутствии князя {G}.
Железная дорога от {C} до {C} проходит по долине реки {C}.
{F}, {G} {G} (род. {D} {M} {Y}, {C}) — советская писательница и журналистка.
По мнению {F} и {F}, рукопись происходит из монастыря в {C}.
Именем {F} названы улица в {C} и кратер на Луне.
Деревни {C}, {C} и {C} входят в состав района.
На выборах {Y} года {F} проиграл кандидату от Аграрной партии {N}.
Род был описан {F} в {Y} году по экземпляру из {K}.
Его дочь {G} вышла замуж за художника {N}; у них родились {G} и {G}.
Генерал {F} поручил командование {F}.
Компания «{O}» приобрела «{O}» и переехала в {C}.
«{W}» — третий студийный альбом {N}.
Организация Объединённых Наций и Европейский союз осудили вторжение.
В полуфинале {N} обыграла {N} на турнире в {C}.
Роман рассказывает о {G}, девушке из города {C}, и её брате {G}.
Во время Первой мировой войны служил на Западном фронте.
Король {G} II пожаловал {C} своему племяннику {G}.
Правительство {F} заключило с {K} договор.
Нападающий перешёл в «{C}», где тренером был {N}.
Окончил Московский государственный университет, ученик {N}.
Премию получил {N} за роман «{W}».
Национальный парк «{C}» расположен на Урале.
Папа римский {G} XII назначил {N} архиепископом.
Верховный суд Российской Федерации подтвердил приговор в {M} {Y} года.
В. И. {F} встретился с {N} в {C}.
Дружил с {N} и переписывался с {F}.
Герой Советского Союза {N} похоронен в {C}.
Орден Красного Знамени, орден Отечественной войны и медаль «За отвагу».
Во главе войск стоял {N}, сменивший {F}.
Область граничит с {K}, {C} и {C}.
Книга вышла в {C} и была переведена в {C}.
Вид распространён в {K} и {K}.
Расположен на берегу {C}, к югу от {C}.
Войска заняли {C} и {C}.
Путешественник посетил {C}, {C} и {K}.
Республика {C} входит в состав {K}.
По словам {F}, на него повлияли {N} и {N}.`,
}
