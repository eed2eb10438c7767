// A real OpenID Connect provider (npm package oidc-provider) for the tests, on loopback. Its own
// pages ask for any name and password. Standard input says where our service listens and what it is
// called; the first line of output is the issuer.
import { createServer } from "node:http";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Provider } from "oidc-provider";

const [line] = await once(createInterface({ input: process.stdin }), "line");
const { site, client, secret } = JSON.parse(line);

const server = createServer();
server.listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: client,
      client_secret: secret,
      token_endpoint_auth_method: "client_secret_post",
      redirect_uris: [`${site}/accounts/sso/login/callback/`],
      post_logout_redirect_uris: [`${site}/`],
    },
  ],
  pkce: { required: () => true },
  claims: { openid: ["sub"], profile: ["preferred_username"], email: ["email", "email_verified"] },
  conformIdTokenClaims: false,
  cookies: { keys: ["only for the tests"] },
  findAccount: (context, id) => ({
    accountId: id,
    claims: () => ({ sub: `subject-of-${id}`, preferred_username: id }),
  }),
});
server.on("request", provider.callback());
process.stdout.write(`${issuer}\n`);
