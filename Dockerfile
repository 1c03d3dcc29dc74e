# Veilgate as an image: emitted JavaScript on Node 24, no compiler, no package manager at run time, no root.
FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# with optional packages: the bundler's platform part is one
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json vite.config.ts ./
COPY scripts/build.mjs scripts/
COPY src src
COPY data data
COPY spec spec
COPY rules rules
RUN node scripts/build.mjs && node_modules/.bin/vite build

FROM node:24-slim AS packages
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=optional --omit=dev

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /opt/veilgate
COPY --from=packages /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY package.json LICENSE ./
COPY bin bin
COPY data data
COPY spec spec
COPY rules rules
COPY veilgate.yaml ./
RUN mkdir -p state certs && chown node:node state
USER node
VOLUME ["/opt/veilgate/state", "/opt/veilgate/certs"]
EXPOSE 8443 9090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9090/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/veilgate.js"]
CMD ["serve", "--config", "veilgate.yaml"]
