// A js-libp2p peer that a test drives: a JSON object a line on its standard input asks ({"id", "do", …}), one a line on its
// standard output answers ({"id", "ok", …}) or tells ({"event", …}).
//
//   node --import ./node20.mjs peer.mjs '{"pubsub": "gossipsub", "dht": true, "mdns": false, "relay": false}'
//
// SPDX-License-Identifier: GPL-3.0-or-later
import { createInterface } from 'node:readline'
import { circuitRelayServer, circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { dcutr } from '@libp2p/dcutr'
import { floodsub } from '@libp2p/floodsub'
import { gossipsub } from '@libp2p/gossipsub'
import { identify, identifyPush } from '@libp2p/identify'
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { mdns } from '@libp2p/mdns'
import { mplex } from '@libp2p/mplex'
import { noise } from '@libp2p/noise'
import { peerIdFromString } from '@libp2p/peer-id'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'

const wish = {
  pubsub: 'gossipsub', dht: true, mdns: false, relay: false, muxers: ['yamux'], threshold: Infinity,
  listen: ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws'],
  ...JSON.parse(process.argv[2] ?? '{}')
}
const say = message => process.stdout.write(JSON.stringify(message) + '\n')
const bytes = text => new TextEncoder().encode(text)
const text = data => new TextDecoder().decode(data)

const services = { identify: identify(), push: identifyPush(), ping: ping(), dcutr: dcutr() }
if (wish.pubsub === 'gossipsub') services.pubsub = gossipsub({ allowPublishToZeroTopicPeers: true })
if (wish.pubsub === 'floodsub') services.pubsub = floodsub()
if (wish.relay) services.relay = circuitRelayServer()
if (wish.dht) {
  services.dht = kadDHT({
    protocol: '/inos/kad/1.0.0', clientMode: false, allowQueryWithZeroPeers: true, peerInfoMapper: passthroughMapper,
    validators: { inos: async () => {} }, selectors: { inos: () => 0 }
  })
}
const node = await createLibp2p({
  addresses: { listen: wish.listen, appendAnnounce: wish.announce ?? [] },
  transports: [tcp(), webSockets(), circuitRelayTransport()],
  connectionEncrypters: [noise()],
  streamMuxers: wish.muxers.map(name => ({ yamux, mplex })[name]()),
  peerDiscovery: wish.mdns ? [mdns({ interval: 500 })] : [],
  connectionManager: { inboundConnectionThreshold: wish.threshold ?? Infinity, maxIncomingPendingConnections: 1000 },
  connectionGater: { denyDialMultiaddr: () => false },
  services
})
const { pubsub, dht } = node.services

const whom = name => name.startsWith('/') ? multiaddr(name) : peerIdFromString(name)
const drained = stream => new Promise(resolve => stream.addEventListener('drain', resolve, { once: true }))
const cidOf = async content => CID.createV1(0x55, await sha256.digest(bytes(content)))

async function sendZeros (stream, count) {
  const block = new Uint8Array(65536)
  for (let left = count; left > 0; left -= block.length) {
    if (!stream.send(left < block.length ? block.subarray(0, left) : block)) await drained(stream)
  }
}

// Sends back what comes.
await node.handle('/echo/1.0.0', async stream => {
  for await (const data of stream) if (!stream.send(data)) await drained(stream)
  await stream.close()
}, { maxInboundStreams: 1024 })

// libp2p's perf: after eight bytes that say how much is wanted, and all that was sent, so much comes back.
await node.handle('/perf/1.0.0', async stream => {
  const head = []
  for await (const data of stream) {
    if (head.length < 8) head.push(...data.subarray(0, 8 - head.length))
  }
  await sendZeros(stream, Number(Buffer.from(head).readBigUInt64BE()))
  await stream.close({ signal: AbortSignal.timeout(120000) })
}, { maxInboundStreams: 1024 })

node.addEventListener('peer:connect', event => say({ event: 'connect', peer: String(event.detail) }))
node.addEventListener('peer:disconnect', event => say({ event: 'disconnect', peer: String(event.detail) }))
node.addEventListener('peer:discovery', event => say({ event: 'discovery', peer: String(event.detail.id) }))
node.addEventListener('peer:identify', ({ detail }) => say({
  event: 'identify', peer: String(detail.peerId), agent: detail.agentVersion, protocols: detail.protocols,
  addresses: detail.listenAddrs.map(String), signed: detail.signedPeerRecord != null
}))
pubsub?.addEventListener('message', ({ detail }) => say({
  event: 'message', topic: detail.topic, from: String(detail.from), text: text(detail.data.subarray(0, 200)), size: detail.data.length
}))
pubsub?.addEventListener('subscription-change', ({ detail }) => say({
  event: 'subscription', peer: String(detail.peerId), topics: detail.subscriptions.filter(one => one.subscribe).map(one => one.topic)
}))

const answers = new Map()
const deeds = {
  async dial ({ to }) {
    const connection = await node.dial(whom(to))
    return { peer: String(connection.remotePeer), muxer: connection.multiplexer, encryption: connection.encryption }
  },
  async hangUp ({ to }) { await node.hangUp(whom(to)) },
  async ping ({ to }) { return { ms: await node.services.ping.ping(whom(to)) } },
  async protocols ({ to }) { return { protocols: (await node.peerStore.get(whom(to))).protocols } },
  async peers () { return { peers: node.getPeers().map(String) } },
  async subscribe ({ topic }) { pubsub.subscribe(topic) },
  async subscribers ({ topic }) { return { peers: pubsub.getSubscribers(topic).map(String) } },
  async publish ({ topic, text }) { return { recipients: (await pubsub.publish(topic, bytes(text))).recipients.length } },
  async put ({ key, value }) { for await (const _ of dht.put(bytes(key), bytes(value))); },
  async get ({ key }) {
    for await (const event of dht.get(bytes(key))) if (event.name === 'VALUE') return { value: text(event.value) }
    throw new Error('there is no value')
  },
  async provide ({ content }) {
    const cid = await cidOf(content)
    for await (const _ of dht.provide(cid));
    return { cid: String(cid) }
  },
  async providers ({ cid }) {
    const found = new Set()
    for await (const event of dht.findProviders(CID.parse(cid))) {
      if (event.name === 'PROVIDER') for (const provider of event.providers) found.add(String(provider.id))
    }
    return { peers: [...found] }
  },
  async find ({ peer }) {
    for await (const event of dht.findPeer(whom(peer))) {
      // The first may be a peer that it knows only by name.
      if (event.name === 'FINAL_PEER' && event.peer.multiaddrs.length > 0) return { addresses: event.peer.multiaddrs.map(String) }
    }
    throw new Error('nobody knows it')
  },
  async tableSize () { return { size: dht.routingTable.size } },
  async perf ({ to, up = 0, down = 0 }) {
    const stream = await node.dialProtocol(whom(to), '/perf/1.0.0')
    const start = performance.now()
    const head = Buffer.alloc(8)
    head.writeBigUInt64BE(BigInt(down))
    stream.send(head)
    const reading = (async () => { let sum = 0; for await (const data of stream) sum += data.byteLength; return sum })()
    await sendZeros(stream, up)
    await stream.close({ signal: AbortSignal.timeout(120000) })
    const received = await reading
    return { received, seconds: (performance.now() - start) / 1000 }
  },
  async tell ({ to, protocol, hex }) {
    const stream = await node.dialProtocol(whom(to), protocol)
    const reading = (async () => { let all = ''; for await (const data of stream) all += Buffer.from(data.subarray()).toString('hex'); return all })()
    stream.send(Buffer.from(hex, 'hex'))
    await stream.close({ signal: AbortSignal.timeout(10000) })
    return { hex: await reading }
  },
  async open ({ to, protocol }) { (await node.dialProtocol(whom(to), protocol)).abort(new Error('seen')) },
  // Sends what is in hexadecimal on a stream of its own; what comes back within so many ms, and how it ended.
  async speak ({ to, protocol, hex, ms = 2000 }) {
    const stream = await node.dialProtocol(whom(to), protocol)
    const got = []
    let ended = 'open'
    const reading = (async () => {
      try {
        for await (const data of stream) got.push(Buffer.from(data.subarray()))
        ended = 'closed'
      } catch (error) { ended = 'reset' }
    })()
    try {
      if (!stream.send(Buffer.from(hex, 'hex'))) await drained(stream)
    } catch (error) { ended = 'reset' }
    await Promise.race([reading, new Promise(resolve => setTimeout(resolve, ms))])
    stream.abort(new Error('done'))
    return { hex: Buffer.concat(got).toString('hex'), ended }
  },
  // Says what is in hexadecimal to whoever opens a stream of the protocol and has asked something.
  async answer ({ protocol, hex }) {
    answers.set(protocol, hex)
    await node.handle(protocol, async stream => {
      await new Promise(resolve => stream.addEventListener('message', resolve, { once: true }))
      stream.send(Buffer.from(answers.get(protocol), 'hex'))
      await stream.close({ signal: AbortSignal.timeout(10000) })
    }, { force: true })
  },
  async offer ({ protocol }) { await node.handle(protocol, stream => stream.close()) },
  async addresses () { return { addresses: node.getMultiaddrs().map(String) } },
  async stop () { setTimeout(() => node.stop().then(() => process.exit(0)), 10) }
}

say({ event: 'ready', peer: String(node.peerId), addresses: node.getMultiaddrs().map(String) })
const lines = createInterface({ input: process.stdin })
lines.on('line', async line => {
  const { id, do: deed, ...rest } = JSON.parse(line)
  try {
    say({ id, ok: true, ...await deeds[deed](rest) })
  } catch (error) {
    say({ id, ok: false, error: `${error.name}: ${error.message}` })
  }
})
lines.on('close', () => node.stop().then(() => process.exit(0)))
