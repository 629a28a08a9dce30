// Which server a worker's journeys go to.
import { DemoServer, type Stock } from './demo_server';
import { TwoServers, goesThroughNginx } from './two_servers';

const start = (stock: Stock): Promise<DemoServer> => (goesThroughNginx() ? TwoServers : DemoServer).start(stock);

/** The server of the file whose journeys a worker goes through: the next file begins with one of its own. */
export class ServerAtWork {
  private current?: { journey: string; server: DemoServer };

  async of(stock: Stock): Promise<DemoServer> {
    if (this.current?.journey !== stock.journey) {
      await this.end();
      this.current = { journey: stock.journey, server: await start(stock) };
    }
    return this.current.server;
  }

  async end(): Promise<void> {
    await this.current?.server.remove();
    this.current = undefined;
  }
}
