import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The page reaches the gateway under its own origin, here as behind your proxy later: so neither has to be told of
// the other. Not in the short form (`'/login': GATEWAY`), which hides from the gateway what the page came by.
const target = process.env.GATEWAY ?? 'http://localhost:3000';
const proxy = { '/login': { target }, '/v1': { target }, '/socket.io': { target, ws: true } };

export default defineConfig({ plugins: [react()], server: { proxy }, preview: { proxy } });
