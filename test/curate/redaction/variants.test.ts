import { describe, expect, test } from 'vitest'
import { createReader } from '../../../src/curate/redaction/reading/reader.ts'
import { findStructured } from '../../../src/curate/redaction/structured/structured.ts'

const reader = createReader()

const found = (text: string) =>
  findStructured(reader.open(text))
    .filter((finding) => finding.confidence >= 0.5)
    .map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`)

const phones = [
  ...['+1 (415) 555-2671', '415.555.2671', '+44 7911 123456', '020 7946 0958', '+49 (0)30 901820', '030/901820', '06 12 34 56 78'],
  ...['+34 612 345 678', '+39 06 6982 1234', '+31 6 12345678', '(11) 91234-5678', '601 234 567', '8 (495) 123-45-67', '13800138000'],
  ...['090-1234-5678', '010-1234-5678', '98765 43210', '0412 345 678', '+971 50 123 4567', '0532 123 45 67', '070-123 45 67'],
  ...['+380 44 123 4567', '050-1234567', '+84 91 234 56 78', '+62 812-3456-7890', '+234 803 123 4567', '001 415 555 2671'],
]

describe('telephone numbers as countries write them', () => {
  test.each(phones)('%s', (phone) => {
    expect(found(`my phone number is ${phone}, call me`)).toContain(`PHONE ${phone}`)
  })
})

/** Numbers invented, or from the countries' own examples; each passes its checksum. */
const ids: readonly (readonly [cue: string, id: string])[] = [
  ['NHS number', '943 476 5919'],
  ['PESEL', '44051401359'],
  ['BSN', '111222333'],
  ['Steuer-ID', '86095742719'],
  ['CURP', 'HEGG560427MVZRRL04'],
  ['RUT', '12.345.678-5'],
  ['CNPJ', '11.222.333/0001-81'],
  ['henkilötunnus', '131052-308T'],
  ['personnummer', '811218-9876'],
  ['fødselsnummer', '13097248022'],
  ['AHV', '756.9217.0769.85'],
  ['rodné číslo', '736028/5163'],
  ['ЕГН', '7523169263'],
  ['OIB', '33392005961'],
  ['EMŠO', '0101006500006'],
  ['CNP', '1960101410019'],
  ['isikukood', '37605030299'],
  ['asmens kodas', '33309240064'],
  ['PPS number', '1234567T'],
  ['AFM', '094259216'],
  ['AMKA', '01013099997'],
  ['Medicare number', '2123 45670 1'],
  ['NRIC', 'S1234567D'],
  ['HKID', 'A123456(3)'],
  ['MyKad', '900101-14-5678'],
  ['CNIC', '35202-1234567-1'],
  ['KTP', '3171011708450001'],
  ['РНОКПП', '3184710691'],
  ['DNI', '12.345.678'],
  ['cédula', '1.023.456.789'],
  ['EIN', '12-3456789'],
  ['PAN', 'ABCPE1234F'],
  ['VIN', '1HGCM82633A004352'],
]

describe('national numbers', () => {
  test.each(ids)('%s %s', (cue, id) => {
    expect(found(`my ${cue} ${id}, please`)).toContain(`ID ${id}`)
  })

  test('a wrong check digit is no number of that country', () => {
    for (const wrong of ['OIB 33392005962', 'EMŠO 0101006500007', 'NRIC S1234567A', 'AHV 756.9217.0769.84', 'rodné číslo 736028/5164']) {
      expect(found(`my ${wrong}, please`)).toEqual([])
    }
  })
})

const letters = 'a8Kd3LmZ0pQ7rT5vX2yBcN9wE4uHj6FgS1iO'
const random = (length: number, alphabet = letters) => Array.from({ length }, (_, at) => alphabet[(at * 7) % alphabet.length]).join('')
const hex = (length: number) => random(length, '0f3a9c5e7b1d2846')

/** Made from the services' published prefixes, so that no key stands in this file. */
const secrets = [
  ...[`ghp_${random(36)}`, `gho_${random(36)}`, `github_pat_${random(60)}`, `glpat-${random(20)}`, `xoxb-${random(40)}`],
  ...[`sk_live_${random(24)}`, `rk_test_${random(24)}`, `whsec_${random(32)}`, `AKIA${random(16, 'ABCDE2FGH3456')}`, `AIza${random(35)}`],
  ...[`sk-${random(48)}`, `sk-proj-${random(60)}`, `sk-ant-api03-${random(60)}`, `hf_${random(34)}`, `npm_${random(36)}`],
  ...[`pypi-${random(60)}`, `SK${hex(32)}`, `SG.${random(22)}.${random(43)}`, `110201543:AA${random(33)}`, `dckr_pat_${random(27)}`],
  ...[`shpat_${hex(32)}`, `gsk_${random(52)}`, `r8_${random(37)}`, `xai-${random(80)}`, `figd_${random(40)}`, `nvapi-${random(64)}`],
  ...[`tskey-auth-${random(30)}`, `sbp_${hex(40)}`, `CFPAT-${random(43)}`, `lin_api_${random(40)}`, `dop_v1_${hex(64)}`],
  ...[`lsv2_pt_${hex(32)}_${hex(10)}`, `pcsk_${random(60)}`, `pat-na1-${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`],
  ...[`cloudinary://${random(15, '123456789')}:${random(27)}@demo`, `SharedAccessKey=${random(43)}=`, `AccountKey=${random(86)}==`],
  ...['mongodb+srv://user:pa55@cluster0.mongodb.net/db', 'redis://:p4ssw0rd@redis.example.com:6379/0'],
  ...['Server=tcp:x.example.net;User ID=sa;Password=S3cr3t!pw;', 'wifi password "correct horse battery"', 'password is Tr0ub4dor&3'],
]

describe('secrets', () => {
  test.each(secrets.map((secret) => [secret.slice(0, 24), secret]))('%s…', (_, secret) => {
    expect(found(`here: ${secret} ok`).some((finding) => finding.startsWith('SECRET'))).toBe(true)
  })
})

const addresses = [
  ...['1600 Pennsylvania Avenue NW, Washington, DC 20500', '221B Baker Street, London NW1 6XE', 'Unter den Linden 77, 10117 Berlin'],
  ...['12, rue de Rivoli, 75001 Paris', 'Calle de Alcalá 42, 28014 Madrid', 'Via Roma 10, 00184 Roma', 'Rua Augusta, 1500 - São Paulo'],
  ...['Av. Paulista 1578, São Paulo - SP, 01310-200', 'Keizersgracht 123, 1015 CJ Amsterdam', 'ul. Marszałkowska 10/12, 00-590 Warszawa'],
  ...['ул. Ленина, д. 5, кв. 12, Москва', 'Drottninggatan 71, 111 36 Stockholm', 'Karl Johans gate 22, 0026 Oslo'],
  ...['Václavské náměstí 1, 110 00 Praha 1', 'Andrássy út 60, 1062 Budapest', 'İstiklal Caddesi No: 45, Beyoğlu, İstanbul'],
  ...['Οδός Ερμού 15, 105 63 Αθήνα', 'رقم 5 شارع التحرير، القاهرة', 'רחוב דיזנגוף 50, תל אביב', '12 MG Road, Bengaluru 560001'],
  ...[
    'B-45, Sector 18, Noida',
    '2-1-1 Nishi-Shinjuku, Shinjuku-ku, Tokyo',
    '123 Nguyễn Huệ, Quận 1, TP.HCM',
    'Calea Victoriei 12, București',
  ],
  ...['Ilica 5, 10000 Zagreb', 'Gedimino pr. 9, Vilnius', 'Austurstræti 5, 101 Reykjavík', 'Jl. Sudirman No. 5, Jakarta 10220'],
]

describe('addresses of many countries', () => {
  test.each(addresses)('%s', (address) => {
    const hit = found(`I live at ${address}.`).find((finding) => finding.startsWith('ADDRESS')) ?? ''
    expect(hit.length - 'ADDRESS '.length).toBeGreaterThanOrEqual(address.length * 0.75)
  })
})

const others: readonly (readonly [text: string, finding: string])[] = [
  ['john dot smith at gmail dot com', 'EMAIL john dot smith at gmail dot com'],
  ['паспорт 4510 123456', 'PASSPORT 4510 123456'],
  ['Numéro de passeport : 12AB34567', 'PASSPORT 12AB34567'],
  ['车牌号京A12345', 'PLATE 京A12345'],
  ['geb. 12.03.1976', 'BIRTHDATE 12.03.1976'],
  ['MAC 001A.2B3C.4D5E', 'MAC 001A.2B3C.4D5E'],
  ['cvv 123', 'CARD 123'],
  ['follow me on Instagram: jane_doe99', 'HANDLE jane_doe99'],
  ['my discord username is coolcat', 'HANDLE coolcat'],
  ['wechat id: jane_doe88', 'HANDLE jane_doe88'],
  ['I am @jane@mastodon.social', 'HANDLE @jane@mastodon.social'],
  ['github.com/janedoe is my github', 'URL github.com/janedoe'],
]

describe('other kinds', () => {
  test.each(others)('in %j: %s', (text, finding) => {
    expect(found(text)).toContain(finding)
  })
})

const harmless = [
  ...['ISSN 0317-8471 and DOI 10.1000/182', 'ISBN 9783161484100', 'arXiv:2306.05685v4', 'RFC 2616, section 4.4.2', 'PMID: 31978945'],
  ...['sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 'md5 d41d8cd98f00b204e9800998ecf8427e'],
  ...['2023-11-14T22:13:20.000Z, epoch 1699999999', 'scores 12-10, 11-9, 21-19', 'odds 1/3 and 22/7', '3,141,592 + 2,718,281 = 5,859,873'],
  ...['x = 0.123456789; y = 9.87654321e-12', 'for (let i = 0; i < 1000000; i++) sum += i', 'port 8080, status 404, error 0x80070057'],
  ...['v2.10.3-beta.4+build.20230101', 'python==3.11.4 torch>=2.0.1', 'width: 1920px; height: 1080px', '#336699 and rgb(51, 102, 153)'],
  ...[
    'On January 5, 2023 Paris was cold',
    'Chapter 12, 1984 Edition',
    'Windows 11, 64 bit',
    'Boeing 747, 400 seats',
    'Matthew 5, 44 is quoted',
  ],
  ...['the GDP was 21,433,226 million in 2019', 'a matrix [[1234, 5678], [9012, 3456]]', 'github.com/facebook/react is a library'],
  ...['my username is required', 'the username: string field', 'Discord is down', 'Instagram: a history', 'handle: true', 'user: admin'],
  ...['the password is incorrect', 'token = tokenizer.encode(text)', 'secret = os.environ["SECRET"]', 'api_key = YOUR_API_KEY'],
  ...['192.168.1.1, 10.0.0.7 and 255.255.255.0', '::1 and fe80::1', 'version 10.15.7.1', '12:30:45 and 00:00:00'],
  ...['16 characters 1234567890123456', 'order number 4111111111111112', 'the number 123-45-678', 'call 911', 'room 101 on floor 12'],
  ...['SELECT * FROM t WHERE id = 123456789', 'UUID 123e4567-e89b-12d3-a456-426614174000', 'pi is 3.14159 26535 89793 23846'],
]

describe('what only looks like personal data stays', () => {
  test.each(harmless)('%s', (text) => {
    expect(found(text)).toEqual([])
  })
})
