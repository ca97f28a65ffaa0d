// What js-libp2p 3 uses of newer versions of Node.js than Debian 13's, and a WebSocket that takes long transfers.
// SPDX-License-Identifier: GPL-3.0-or-later
import { WebSocket } from 'ws'

Promise.withResolvers ??= function () {
  const deferred = {}
  deferred.promise = new this((resolve, reject) => Object.assign(deferred, { resolve, reject }))
  return deferred
}
Array.fromAsync ??= async function (source, map = value => value) {
  const list = []
  for await (const value of source) list.push(await map(value, list.length))
  return list
}
const sets = {
  union: (one, other) => [...one, ...other.keys()],
  difference: (one, other) => [...one].filter(value => !other.has(value)),
  intersection: (one, other) => [...one].filter(value => other.has(value))
}
for (const [name, combine] of Object.entries(sets)) {
  Set.prototype[name] ??= function (other) { return new Set(combine(this, other)) }
}
globalThis.WebSocket = WebSocket
