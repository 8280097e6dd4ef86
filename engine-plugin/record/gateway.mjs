import { createServer } from 'node:http'

/**
 * Stands in for the gateway: takes what the plugin posts, and keeps it.
 *
 * @param publishKey the key that the plugin has to show
 */
export async function startGateway(publishKey) {
  let posts = []
  const watchers = new Set()
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk
    if (request.headers.authorization !== `Bearer ${publishKey}` || request.url !== '/v1/engine') {
      response.writeHead(401).end()
      return
    }
    const post = JSON.parse(text)
    // What brings nothing only asks where the log stands.
    if (post.commands.length > 0) posts.push(post)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ epoch: 'recording', seq: posts.length, settle: 0 }))
    for (const look of watchers) look()
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))

  const events = () => posts.flatMap((post) => post.commands.flatMap((command) => command.events))

  return {
    url: `http://127.0.0.1:${server.address().port}`,
    events,
    /** What has been posted since the last time. */
    take() {
      const taken = posts
      posts = []
      return taken
    },
    /** Waits until an event that fits has been posted. */
    posted(what, fits) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`not posted within 30 s: ${what}`)), 30_000)
        const look = () => {
          const event = events().find(fits)
          if (!event) return
          clearTimeout(timer)
          watchers.delete(look)
          resolve(event)
        }
        watchers.add(look)
        look()
      })
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
