import type { Language } from './languages.ts'

// Many chats open or end with one of these alone. Letters cannot tell them ("hi" is also a common word of Tsonga), but who types them to a chat bot is clear.
const phrases: Readonly<Record<string, readonly [name: string, words: string]>> = {
  en: [
    'English',
    'hi,hello,hey,hey there,hi there,hello there,thanks,thank you,thx,ok,okay,yes,no,yeah,yep,nope,please,continue,go on,good,great,cool,bye,goodbye,lol,test,help,sorry,why,what,who are you,how are you,good morning',
  ],
  fr: ['French', 'bonjour,salut,merci,oui,non,bonsoir,merci beaucoup,continue stp,au revoir,ça va'],
  es: ['Spanish', 'hola,gracias,buenos días,buenas,buenas tardes,sí,adiós,muchas gracias,continúa,sigue,hola buenas'],
  pt: ['Portuguese', 'olá,oi,obrigado,obrigada,bom dia,boa tarde,boa noite,sim,não,tudo bem,continuar'],
  de: ['German', 'hallo,danke,guten tag,guten morgen,guten abend,ja,nein,bitte,weiter,tschüss,vielen dank,wie geht es dir'],
  it: ['Italian', 'ciao,grazie,buongiorno,buonasera,continua,prego,arrivederci,grazie mille'],
  nl: ['Dutch', 'hoi,dank je,bedankt,goedemorgen,dankjewel,ga verder'],
  sv: ['Swedish', 'hej,tack,god morgon,tack så mycket'],
  pl: ['Polish', 'cześć,dzień dobry,dziękuję,tak,nie,dzięki'],
  tr: ['Turkish', 'merhaba,selam,teşekkürler,teşekkür ederim,evet,hayır,devam'],
  vi: ['Vietnamese', 'xin chào,chào,chào bạn,cảm ơn,tiếp,tiếp tục'],
  id: ['Indonesian', 'halo,terima kasih,lanjutkan,selamat pagi'],
  cs: ['Czech', 'ahoj,dobrý den,děkuji,díky'],
  fi: ['Finnish', 'moi,kiitos,hei,terve'],
  ru: ['Russian', 'привет,здравствуй,здравствуйте,спасибо,да,нет,продолжай,дальше,ок,добрый день'],
  uk: ['Ukrainian', 'привіт,дякую,так,ні,добрий день'],
}

const byText = new Map<string, Language>()
for (const [code, [name, words]] of Object.entries(phrases)) for (const phrase of words.split(',')) byText.set(phrase, { name, code })
const longest = Math.max(...[...byText.keys()].map((phrase) => phrase.length))

/** The language of a text that is nothing but a greeting, thanks, or the like; undefined for all other texts. */
export function readGreeting(text: string): Language | undefined {
  if (text.length > 2 * longest) return undefined
  return byText.get(
    text
      .toLowerCase()
      .normalize('NFC')
      .replaceAll(/[^\p{L}]+/gu, ' ')
      .trim(),
  )
}
