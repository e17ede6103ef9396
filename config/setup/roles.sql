-- The three roles of a Footing database, and its tables in the owner's hands. Run in that database
-- by a superuser; safe to repeat. docs/operating.md says which process uses which.
DO $$
DECLARE
    thing record;
BEGIN
    FOR thing IN
        SELECT name FROM unnest(ARRAY['footing_owner', 'footing_web', 'footing_worker']) AS name
        WHERE name NOT IN (SELECT rolname FROM pg_roles)
    LOOP
        EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS', thing.name);
    END LOOP;
    EXECUTE format('ALTER DATABASE %I OWNER TO footing_owner', current_database());
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;  -- of servers that began before PostgreSQL 15
    GRANT CREATE, USAGE ON SCHEMA public TO footing_owner;
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    -- Of a database that one role has made alone. Sequences and indexes follow their tables.
    FOR thing IN
        SELECT oid::regclass AS name, relkind = 'v' AS is_view FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')
            AND pg_get_userbyid(relowner) <> 'footing_owner'
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
    LOOP
        EXECUTE format('ALTER %s %s OWNER TO footing_owner',
            CASE WHEN thing.is_view THEN 'VIEW' ELSE 'TABLE' END, thing.name);
    END LOOP;
    FOR thing IN
        SELECT oid::regprocedure AS name FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND pg_get_userbyid(proowner) <> 'footing_owner'
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    LOOP
        EXECUTE format('ALTER ROUTINE %s OWNER TO footing_owner', thing.name);
    END LOOP;
    FOR thing IN
        SELECT oid::regtype AS name FROM pg_type
        WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
            AND pg_get_userbyid(typowner) <> 'footing_owner'
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_type.oid AND deptype = 'e')
    LOOP
        EXECUTE format('ALTER TYPE %s OWNER TO footing_owner', thing.name);
    END LOOP;
    -- A policy keeps the role it was written for, whoever owns the table now.
    FOR thing IN
        SELECT tablename AS name FROM pg_policies
        WHERE schemaname = 'public' AND policyname = 'whole'
    LOOP
        EXECUTE format('ALTER POLICY whole ON public.%I TO footing_owner', thing.name);
    END LOOP;
END $$;
