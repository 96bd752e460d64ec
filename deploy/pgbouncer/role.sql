-- What nodes set for their sessions, as the role's defaults: PgBouncer does not pass it on. A node does not start without.
ALTER ROLE meisim SET statement_timeout = '10s';
ALTER ROLE meisim SET lock_timeout = '5s';
ALTER ROLE meisim SET idle_in_transaction_session_timeout = '15s';
ALTER ROLE meisim SET enable_bitmapscan = off;
ALTER ROLE meisim SET enable_seqscan = off;
ALTER ROLE meisim SET max_parallel_workers_per_gather = 0;
ALTER ROLE meisim SET jit = off;
ALTER ROLE meisim SET plan_cache_mode = force_generic_plan;
ALTER ROLE meisim SET timezone = 'UTC';
