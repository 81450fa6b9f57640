import { Client } from 'pg';
import type { Database } from '../n8n/database';

/** Where the state of the product lives; nothing of the product reads it here. */
export const storeSchema = 'dynamics365_sync';

/** One write to a row of the table `job`, and by which process. */
export interface JobWrite {
	at: number;
	process: string;
	connection: number;
	job: string;
	mapping: string;
	direction: string;
	status: string;
}

/** One change of holder of a lease; renewals are left out. */
export interface LeaseChange {
	at: number;
	process: string;
	connection: number;
	mapping: string;
	owner: string | null;
	fence: number;
	expires: number;
	formerOwner: string | null;
	formerExpires: number;
}

/**
 * Who wrote what, when: kept by triggers in the database, so that it holds also for a process that was killed in the middle. Each process of
 * n8n says who it is by a setting of its database connections (`PGOPTIONS`).
 */
const triggers = `
create schema e2e;
create table e2e.job_write (seq bigserial, at_ms bigint, process text, connection int, job text, mapping text, direction text, status text);
create table e2e.lease_change (seq bigserial, at_ms bigint, process text, connection int, mapping text, owner text, fence bigint,
	expires bigint, former_owner text, former_expires bigint);
create function e2e.now_ms() returns bigint language sql as 'select (extract(epoch from clock_timestamp()) * 1000)::bigint';
create function e2e.process() returns text language sql as $$ select current_setting('e2e.process', true) $$;
create function e2e.note_job() returns trigger language plpgsql as $$ begin
	insert into e2e.job_write (at_ms, process, connection, job, mapping, direction, status)
	values (e2e.now_ms(), e2e.process(), new.connection_key, new.id, new.mapping, new.direction, new.status);
	return null;
end $$;
create function e2e.note_lease() returns trigger language plpgsql as $$ begin
	if tg_op = 'INSERT' then
		insert into e2e.lease_change (at_ms, process, connection, mapping, owner, fence, expires, former_owner, former_expires)
		values (e2e.now_ms(), e2e.process(), new.connection_key, new.mapping, new.owner, new.fence, new.expires_ms, null, 0);
	elsif new.fence <> old.fence or new.owner is distinct from old.owner then
		insert into e2e.lease_change (at_ms, process, connection, mapping, owner, fence, expires, former_owner, former_expires)
		values (e2e.now_ms(), e2e.process(), new.connection_key, new.mapping, new.owner, new.fence, new.expires_ms, old.owner, old.expires_ms);
	end if;
	return null;
end $$;
create trigger e2e_job after insert or update on ${storeSchema}.job for each row execute function e2e.note_job();
create trigger e2e_lease after insert or update on ${storeSchema}.lease for each row execute function e2e.note_lease();
`;

/** Environment by which a process of n8n says who it is. */
export const nameOfProcess = (name: string): NodeJS.ProcessEnv => ({ PGOPTIONS: `-c e2e.process=${name}` });

/** What the product's store and n8n's own tables hold, read past both. */
export class StoreLog {
	private constructor(private readonly client: Client) {}

	static async open({ host, port, user, password, name }: Database): Promise<StoreLog> {
		const client = new Client({ host, port, user, password, database: name });
		client.on('error', () => undefined);
		await client.connect();
		return new StoreLog(client);
	}

	/** From now on every write of a job or lease is kept. The tables of the store must be there. */
	async watch(): Promise<void> {
		await this.client.query(triggers);
	}

	async query<T extends object>(text: string, values: unknown[] = []): Promise<T[]> {
		return (await this.client.query<T>(text, values)).rows;
	}

	/** In the order in which they were made. */
	async jobWrites(): Promise<JobWrite[]> {
		return this.query('select at_ms::float8 as at, process, connection, job, mapping, direction, status from e2e.job_write order by seq');
	}

	/** In the order in which they were made. */
	async leaseChanges(): Promise<LeaseChange[]> {
		return this.query(
			`select at_ms::float8 as at, process, connection, mapping, owner, fence::float8, expires::float8,
				former_owner as "formerOwner", former_expires::float8 as "formerExpires" from e2e.lease_change order by seq`,
		);
	}

	/** Mappings that the process is running now, with the number of creations it has announced and not yet recorded. */
	async runningOn(process: string): Promise<Array<{ connection: number; mapping: string; intents: number }>> {
		return this.query(
			`select j.connection_key as connection, j.mapping, (select count(*)::int from ${storeSchema}.intent i
				where i.connection_key = j.connection_key and i.mapping = j.mapping) as intents
			from ${storeSchema}.job j where j.status = 'running'
				and exists (select 1 from e2e.job_write w where w.job = j.id and w.status = 'running' and w.process = $1)`,
			[process],
		);
	}

	/** Leases that somebody holds at the moment, whether or not they have expired. */
	async heldLeases(): Promise<Array<{ connection: number; mapping: string }>> {
		return this.query(`select connection_key as connection, mapping from ${storeSchema}.lease where owner is not null`);
	}

	/**
	 * Business Central may carry a request out for ten minutes, and so long nobody creates again what a killed run may have created (docs:
	 * exactly once). The sandbox does so at once or never: creations that have been open for a minute, which no living run has here, are made
	 * fifteen minutes older.
	 * @returns how many
	 */
	async skipTheLongWait(): Promise<number> {
		const rows = await this.query(
			`update ${storeSchema}.intent
			set created_at = to_char((created_at::timestamptz - interval '15 minutes') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
			where direction = 'fromCrm' and created_at::timestamptz between now() - interval '15 minutes' and now() - interval '1 minute'
			returning source_id`,
		);
		return rows.length;
	}

	close(): Promise<void> {
		return this.client.end();
	}
}
