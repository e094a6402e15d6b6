// A test upstream that streams at a known rate: model `rate-TOKENS-PER_SECOND-FIRST_MS`. Runs as a process of its own.
import { createServer } from 'node:http'

const chunk = (content, finish) =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`

const server = createServer(async (request, response) => {
  if (request.method === 'GET') return response.end('{"data":[]}')
  let text = ''
  for await (const piece of request) text += piece
  const { model } = JSON.parse(text)
  const [, tokens, perSecond, firstMs] = /^rate-(\d+)-(\d+)-(\d+)$/.exec(model).map(Number)
  let sent = 0
  const send = () => {
    sent++
    if (sent < tokens) response.write(chunk(' token', null))
    else {
      clearInterval(timer)
      response.end(`${chunk(' end', 'stop')}data: [DONE]\n\n`)
    }
  }
  let timer
  setTimeout(() => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    send()
    timer = setInterval(send, 1000 / perSecond)
  }, firstMs)
  response.on('close', () => clearInterval(timer))
})
server.keepAliveTimeout = 120_000
server.listen(0, '127.0.0.1', 4096, () => console.log(server.address().port))
