// Makes signatures with jkurwa; the certificate and the scalar are given.
"use strict";

const fs = require("fs");
const path = require("path");
const folder = process.argv[2];
const modules = process.argv[3];
const jk = require(path.join(modules, "jkurwa"));
const Message = require(path.join(modules, "jkurwa/lib/models/Message"));
const algo = require(path.join(modules, "gost89")).compat.algos();

const read = (name) => fs.readFileSync(path.join(folder, name));
const certificate = (name) => jk.Certificate.from_asn1(read(`${name}.cer`));
const key = (name) => jk.pkey("DSTU_PB_257", read(`${name}.key`).toString("ascii"), "hex");
const save = (name, message) => fs.writeFileSync(path.join(folder, name), message.as_asn1());

const data = Buffer.from("challenge");
const signing = { type: "signedData", cert: certificate("person"), hash: algo.hash, signer: key("person") };
// Many of each: jkurwa shortens numbers that begin with zero octets.
for (let i = 0; i < 12; i += 1) {
  save(`attached${i}.p7s`, new Message({ ...signing, data, signTime: 1790000000 + i }));
  save(`detached${i}.p7s`, new Message({ ...signing, dataHash: algo.hash(data), signTime: 1790000000 + i }));
}
