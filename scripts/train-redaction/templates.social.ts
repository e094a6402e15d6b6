/** English as it is typed under videos and in chats: names in lower case and out of grammar, and capitals that are nobody. Slots as in templates.ts. */
export const social = `{G} is the best : )
{G} is so funny lol
lol {G} looks so sad here
i love {N} so much 😍
omg {G} and {G} are so cute together
{F} is overrated tbh
{F} needs to retire already
bro {F} just dunked on {F}
put {G} in the next video
who else is here because of {G} ?
anyone else here in {Y} ?
{G} hater : (
thank you {G} for this video
thanks {G} ! ! ! great tutorial
{G} you are awesome
{G} please do a video on {X}
i miss {G} and {G}
rip {N} we will never forget you
R.I.P. {N} 😢
{N} > {N}
{N} vs {N} who wins ?
{F} ' s face at 3 : 42 😂 😂
when {G} said that i died 😂
{G} looking like {N} 💀
i was like {G} better stop before {G} wakes up
this is why {F} lost the election
not a {F} supporter but this is wrong
i voted for {F} and i regret it
{F} 2020 ! ! !
{F} for president
so {G} what do you think about {X} ?
hey {G} can you review the new {X}
{G} : 0 {G} : 1
shout out to {G} from {C}
watching from {C} , love you {G}
my cousin {G} sent me here
my dog {G} does the same thing
is {G} single ?
{G} got no chill lol
why is {G} so mad
tell {G} to stop
does {G} even play {X} ?
{N} concert tonight ! ! cant wait
going to see {N} live in {C} w / {G} and {G}
{N} just announced a tour
new song by {N} ft {N} is fire 🔥
listening to {N} on repeat
{F} traded to {O} for {F}
{F} with the goal ! ! ! what a strike
what a game by {F} tonight
{O} should sign {F}
coach {F} must go
ref was terrible , {F} was onside
RT @user : {N} is trending
RT @user : happy bday {G}
@user @user {G} told me the same
# {X} # {C} # love
{G} ' s mom is the real mvp
gonna tell my kids this was {N}
the fact that {G} stayed calm tho
nobody : {G} : hold my beer
im a {X} fan and this is sad
this song is better than anything on the radio
first comment ! ! like if you agree
the intro music tho , what is it called ?
this video got me crying at 3 am
can u do one on {X} pls
i bought this {X} and it broke after a week
who else hates mondays
good morning {C} ☀️
Love this song so much ! ! Who is listening in {M} ?
Great video ! Thanks for sharing
My favorite part was at 2 : 15 Lol
This Is So Good Wow
OMG I Cant Believe This
Subscribe to my channel and Like this comment
Its Monday again Ugh
He should get an Oscar for this
I like Pepsi more than Coke
The Audi R8 is faster than the Ferrari and the Honda
Apple makes better phones than Samsung
Star Wars was better than Star Trek
I play Minecraft and Fortnite on my Xbox
The Lakers lost to the Celtics again
Netflix should make a season two of {W}
{W} is my favorite show ever
just finished {W} and im crying
{W} was filmed in {C}
In {K} we do it like this
Greetings from {K} ! ! !
Team {G}
{G} Fan
Hail {G}
Yes {G} !
Bye {G} !
Poor {G} 😭
Marry me {G}`
