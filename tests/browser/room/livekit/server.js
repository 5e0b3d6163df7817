// A LiveKit of the tests: its RoomService and its WebSocket (livekit-server 1.13, /rtc/v1), without sound
// and picture. LiveKit's own libraries judge each token and read each message; what arrives is told on
// stdout, a line of JSON each.
//
//   node server.js FOLDER KEY SECRET NOW

import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gunzipSync } from "node:zlib";

const [folder, key, secret, now] = process.argv.slice(2);
const from = createRequire(`${folder}/package.json`);
const protocol = from("@livekit/protocol");
const { TokenVerifier } = from("livekit-server-sdk");
const { WebSocketServer } = from("ws");
const library = readFileSync(`${folder}/node_modules/livekit-client/dist/livekit-client.umd.js`);

const MINUTES = 300; // The clock of the test goes on.
const verifier = new TokenVerifier(key, secret);
const rooms = new Map(); // Names of people by name of the room.
const sockets = new Map();
const tell = (words) => process.stdout.write(`${JSON.stringify(words)}\n`);

// What a token allows, if it was signed by the portal and is of today, by the clock of the test.
async function grants(token) {
  const claims = await verifier.verify(token, "30y");
  if (claims.nbf > Number(now) + MINUTES || claims.exp < Number(now)) {
    throw new Error("not of today");
  }
  return claims;
}

const lacks = { code: "not_found", msg: "requested room does not exist" };
const METHODS = {
  CreateRoom({ name, egress }, { roomCreate }) {
    rooms.has(name) || rooms.set(name, new Set());
    return roomCreate && !egress ? { name } : null;
  },
  DeleteRoom: ({ room }, { roomCreate }) => (roomCreate ? (rooms.delete(room) ? {} : lacks) : null),
  ListRooms: (_, { roomList }) => (roomList ? { rooms: [] } : null),
  ListParticipants: ({ room }, grant) =>
    grant.roomAdmin && grant.room === room
      ? rooms.has(room) ? { participants: [...rooms.get(room)].map((identity) => ({ identity })) } : lacks
      : null,
  RemoveParticipant({ room, identity }, grant) {
    if (!grant.roomAdmin || grant.room !== room) {
      return null;
    }
    sockets.get(identity)?.close();
    return rooms.get(room)?.delete(identity) ? {} : lacks;
  },
};

const server = createServer(async (request, response) => {
  const reply = (status, body, type = "application/json") => {
    response.writeHead(status, { "Content-Type": type, "Access-Control-Allow-Origin": "*" });
    response.end(body);
  };
  if (request.url === "/livekit-client.umd.js") {
    reply(200, library, "text/javascript");
    return;
  }
  const method = /^\/twirp\/livekit\.RoomService\/(\w+)$/.exec(request.url)?.[1];
  let body = "";
  for await (const part of request) {
    body += part;
  }
  try {
    const { video } = await grants((request.headers.authorization ?? "").replace("Bearer ", ""));
    const asked = JSON.parse(body);
    const answer = METHODS[method](asked, video);
    tell({ method, asked, video, answer });
    reply(answer === lacks ? 404 : answer ? 200 : 401, JSON.stringify(answer ?? { code: "unauthenticated" }));
  } catch (error) {
    tell({ method, refused: String(error) });
    reply(401, JSON.stringify({ code: "unauthenticated", msg: String(error) }));
  }
});

// The join message that the library wraps, and packs where it is long.
function joining(packed) {
  const wrapped = protocol.WrappedJoinRequest.fromBinary(Buffer.from(packed, "base64url"));
  const isPacked = wrapped.compression === protocol.WrappedJoinRequest_Compression.GZIP;
  return protocol.JoinRequest.fromBinary(isPacked ? gunzipSync(wrapped.joinRequest) : wrapped.joinRequest);
}

async function join(socket, url) {
  const { searchParams: given, pathname } = new URL(url, "http://local");
  try {
    const { sub: identity, video } = await grants(given.get("access_token"));
    const asked = joining(given.get("join_request"));
    if (pathname !== "/rtc/v1" || !video.roomJoin || !rooms.has(video.room)) {
      throw new Error("no such room");
    }
    const others = [...rooms.get(video.room)];
    rooms.get(video.room).add(identity);
    sockets.set(identity, socket);
    tell({ joined: identity, video, others, asked: asked.toJson() });
    const person = (name) => ({ sid: `PA_${name}`, identity: name, state: protocol.ParticipantInfo_State.ACTIVE });
    const value = {
      room: { sid: "RM_test", name: video.room },
      participant: person(identity),
      otherParticipants: others.map(person),
      serverVersion: "1.13.5",
      pingInterval: 10,
      pingTimeout: 20,
    };
    socket.send(new protocol.SignalResponse({ message: { case: "join", value } }).toBinary());
    socket.on("message", (data) => {
      const { message } = protocol.SignalRequest.fromBinary(data);
      tell({ said: message.case, by: identity, value: message.value?.toJson?.() });
    });
    socket.on("close", () => rooms.get(video.room)?.delete(identity));
  } catch (error) {
    tell({ refused: String(error) });
    socket.close();
  }
}

new WebSocketServer({ server }).on("connection", (socket, { url }) => join(socket, url));
server.listen(0, "127.0.0.1", () => tell({ port: server.address().port }));
