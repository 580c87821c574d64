-- The tables of the reference list: a million rows that join to two others.
SET ROLE portal_owner;
SELECT to_regclass('bench_item') IS NOT NULL AS is_there \gset
\if :is_there
    \quit
\endif
BEGIN;
CREATE TABLE bench_category (id bigint PRIMARY KEY, name varchar(100) NOT NULL);
CREATE TABLE bench_supplier (id bigint PRIMARY KEY, name varchar(100) NOT NULL);
CREATE TABLE bench_item (
    id bigint PRIMARY KEY,
    code varchar(20) NOT NULL,
    name varchar(200) NOT NULL,
    category_id bigint NOT NULL REFERENCES bench_category,
    supplier_id bigint NOT NULL REFERENCES bench_supplier,
    state varchar(4) NOT NULL,
    quantity integer NOT NULL,
    amount numeric(14, 2) NOT NULL,
    made_on date NOT NULL
);
INSERT INTO bench_category SELECT n, 'Category ' || n FROM generate_series(1, 20) n;
INSERT INTO bench_supplier SELECT n, 'Supplier ' || n FROM generate_series(1, 10000) n;
INSERT INTO bench_item
SELECT n, 'IT-' || lpad(n::text, 7, '0'), 'Item ' || n || ' of the reference list',
       1 + n % 20, 1 + n * 7919::bigint % 10000, (ARRAY['new', 'open', 'done'])[1 + n % 3],
       n % 500, n * 37 % 1000000 / 100.0, date '2020-01-01' + (n * 7919::bigint % 2400)::int
FROM generate_series(1, 1000000) n;
CREATE INDEX bench_item_by_date ON bench_item (made_on DESC, id DESC);
CREATE INDEX bench_item_of_category ON bench_item (category_id);
GRANT SELECT ON bench_category, bench_supplier, bench_item TO portal_web;
COMMIT;
VACUUM ANALYZE bench_category, bench_supplier, bench_item;
