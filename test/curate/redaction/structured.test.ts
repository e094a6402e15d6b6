import { describe, expect, test } from 'vitest'
import { createReader } from '../../../src/curate/redaction/reading/reader.ts'
import { findStructured } from '../../../src/curate/redaction/structured/structured.ts'

const reader = createReader()

function found(text: string): string[] {
  return findStructured(reader.open(text))
    .filter((finding) => finding.confidence >= 0.5)
    .map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`)
}

const positives: readonly (readonly [text: string, finding: string])[] = [
  ['write to jane.doe+x@mail.example.co.uk, please', 'EMAIL jane.doe+x@mail.example.co.uk'],
  ['contact bob (at) example (dot) org', 'EMAIL bob (at) example (dot) org'],
  ['call me at +49 30 901820 tomorrow', 'PHONE +49 30 901820'],
  ['my cell: (415) 555-2671', 'PHONE (415) 555-2671'],
  ['reach me on 07700 900123', 'PHONE 07700 900123'],
  ['card 4111 1111 1111 1111 exp 12/27', 'CARD 4111 1111 1111 1111'],
  ['pay with 378282246310005', 'CARD 378282246310005'],
  ['IBAN DE89 3704 0044 0532 0130 00 please', 'IBAN DE89 3704 0044 0532 0130 00'],
  ['my SSN is 536-90-4399', 'ID 536-90-4399'],
  ['CPF 529.982.247-25', 'ID 529.982.247-25'],
  ['身份证号 11010519491231002X', 'ID 11010519491231002X'],
  ['DNI 12345678Z', 'ID 12345678Z'],
  ['codice fiscale RSSMRA85M01H501Q', 'ID RSSMRA85M01H501Q'],
  ['Passport number: X1234567', 'PASSPORT X1234567'],
  ["my driver's license is D1234567", 'LICENCE D1234567'],
  ['license plate ABC 1234 was seen', 'PLATE ABC 1234'],
  ['DOB: 04/12/1987', 'BIRTHDATE 04/12/1987'],
  ['Ich bin am 3. Mai 1990 geboren, also geboren am 3. Mai 1990', 'BIRTHDATE 3. Mai 1990'],
  ['from 84.17.45.201 again', 'IP 84.17.45.201'],
  ['host 2a02:8108:1234:5678:abcd::1 is up', 'IP 2a02:8108:1234:5678:abcd::1'],
  ['MAC 00:1A:2B:3C:4D:5E', 'MAC 00:1A:2B:3C:4D:5E'],
  ['see https://www.linkedin.com/in/jane-doe-123', 'URL https://www.linkedin.com/in/jane-doe-123'],
  ['my instagram is @jane.doe', 'HANDLE @jane.doe'],
  ['send BTC to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', 'WALLET 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
  ['send to bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', 'WALLET bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
  ['my home is at 52.520815, 13.409419', 'COORDINATES 52.520815, 13.409419'],
  ['AKIAIOSFODNN7EXAMPLE is the key', 'SECRET AKIAIOSFODNN7EXAMPLE'],
  ['password: hunter2!', 'SECRET hunter2!'],
  ['postgres://app:s3cr3t@db.internal:5432/app', 'SECRET postgres://app:s3cr3t@db.internal:5432/app'],
  ['I live at 1600 Amphitheatre Parkway, Mountain View, CA 94043', 'ADDRESS 1600 Amphitheatre Parkway, Mountain View, CA 94043'],
  ['Ich wohne in der Friedrichstraße 123, 10117 Berlin', 'ADDRESS Friedrichstraße 123, 10117 Berlin'],
  ["j'habite 12 rue de la Paix, 75002 Paris", 'ADDRESS 12 rue de la Paix, 75002 Paris'],
  ['住所は東京都渋谷区神南1丁目2-3です', 'ADDRESS 東京都渋谷区神南1丁目2-3'],
  ['住在北京市朝阳区建国路88号', 'ADDRESS 北京市朝阳区建国路88号'],
]

describe('finds', () => {
  test.each(positives)('in %j: %s', (text, finding) => {
    expect(found(text)).toContain(finding)
  })
})

const negatives: readonly string[] = [
  'ISBN 978-3-16-148410-0 and ISBN 0-306-40615-2',
  'Python 3.11.4 and numpy 1.26.4.1',
  'On 2024-01-15 12:30:45 it was 3.14159265358979',
  'commit 9fceb02d0ae598e95dc970b74767f19372d61af8',
  'id 550e8400-e29b-41d4-a716-446655440000',
  'timestamp 1700000000000, size 1234567890 bytes',
  'The population grew from 1,234,567 to 2,345,678 in 1990-2000.',
  '12345 * 67890 = 838102050',
  'x = [1234567, 2345678, 3456789]',
  'Use @property and @Override, then npm i @types/node',
  'connect to 127.0.0.1 or 192.168.0.1',
  'std::vector<int> a::b',
  'Your password is incorrect. Enter your password: ********',
  'const password = process.env.PASSWORD',
  'She walked 3 miles down the road and took 2 drives',
  'pages 123-456, chapters 10-12, 1-800 points',
  'card number 4111 1111 1111 1112',
  'A section of 100.000.000 people',
  '555 12',
  'the ratio 52.5200, 13.4050, 48.8566, 2.3522',
  '| 2020 | 1234567 | 7654321 |',
]

describe('leaves alone', () => {
  test.each(negatives)('%j', (text) => {
    expect(found(text)).toEqual([])
  })
})
