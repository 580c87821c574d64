"""Invoices and receipts of the copied members, by SQL: each asks for an instalment."""

PAYERS = """
INSERT INTO consortium_payerprofile
    (version, organization_id, bill_to_entity, bill_to_address, attention, terms_days,
     channel, supplier_portal, needs_order, entity_confirmed_on)
SELECT 1, id, legal_name, '1 Main Street', 'Accounts payable', 30, 'email', '',
       id %% 2 = 0, named_since_on
FROM consortium_organization WHERE id = ANY(%(made)s)
"""
#: The note of a copied invoice names the instalment for which it asks.
INVOICES = """
INSERT INTO consortium_invoice
    (version, organization_id, state, currency, check_code, bill_to_entity,
     bill_to_address, attention, order_number, terms_days, channel, supplier_portal,
     note, drafted_at, voided_because, external_number, changers)
SELECT 1, a.organization_id, 'draft', y.currency, '', p.bill_to_entity,
       p.bill_to_address, p.attention, '', 30, 'email', '', i.id::text, i.due_on - 31,
       '', '', '{}'
FROM consortium_instalment i
JOIN consortium_commitmentyear y ON y.id = i.commitment_year_id
JOIN consortium_agreement a ON a.id = y.agreement_id
JOIN consortium_payerprofile p ON p.organization_id = a.organization_id
WHERE a.organization_id = ANY(%(made)s) AND i.due_on < %(today)s::date + 20
    AND i.amount > 0 AND NOT EXISTS (
        SELECT FROM consortium_instalmentcancellation c WHERE c.instalment_id = i.id)
"""
LINES = """
INSERT INTO consortium_invoiceline
    (invoice_id, instalment_id, commitment_year_id, description, amount)
SELECT v.id, i.id, i.commitment_year_id, 'Membership fee', i.amount
FROM consortium_invoice v JOIN consortium_instalment i ON i.id = v.note::bigint
WHERE v.organization_id = ANY(%(made)s)
"""
APPROVE = """
UPDATE consortium_invoice v
SET state = 'approved', approved_at = v.drafted_at, approved_by_id = u.id
FROM accounts_user u
WHERE u.email = 'director@inm.example' AND v.organization_id = ANY(%(made)s)
    AND v.id %% 19 <> 0
"""
#: One entry for each row that is posted; its reason says which, as in "invoice 12".
_ENTRY = """
INSERT INTO consortium_ledgerentry
    (kind, amount, currency, value_on, posted_on, reason, recorded_at, recorded_by_id)
SELECT '{kind}', t.amount, 'USD', t.on_day, greatest(t.on_day, '2025-08-01'),
       '{kind} ' || t.id, t.on_day + interval '12 hours', u.id
FROM ({rows}) t (id, amount, on_day), accounts_user u
WHERE u.email = 'finance@inm.example'
"""
_SIDES = """
INSERT INTO consortium_ledgerline (entry_id, account, organization_id, debit, credit)
SELECT e.id, s.account, CASE WHEN s.is_a_members THEN t.organization_id END,
       CASE WHEN s.is_debit THEN e.amount ELSE 0 END,
       CASE WHEN s.is_debit THEN 0 ELSE e.amount END
FROM ({rows}) t (id, organization_id)
JOIN consortium_ledgerentry e ON e.reason = '{kind} ' || t.id
CROSS JOIN (VALUES {sides}) s (account, is_debit, is_a_members)
"""


def posted(kind: str, facts: str, owners: str, sides: str) -> list[str]:
    """Return the statements by which rows, and whose they are, come to the ledger."""
    return [
        _ENTRY.format(kind=kind, rows=facts),
        _SIDES.format(kind=kind, rows=owners, sides=sides),
    ]


APPROVED = """
FROM consortium_invoice v JOIN consortium_invoiceline l ON l.invoice_id = v.id
WHERE v.organization_id = ANY(%(made)s) AND v.state = 'approved' AND v.id %% 23 <> 0
"""
ISSUING = posted(
    "invoice_issued",
    f"SELECT v.id, l.amount, v.drafted_at::date + 1 {APPROVED}",
    f"SELECT v.id, v.organization_id {APPROVED}",
    "('receivable', true, true), ('deferred_dues', false, true)",
)
PDFS = """
INSERT INTO consortium_invoicepdf (invoice_id, content, sha256)
SELECT v.id, convert_to('%%PDF-1.4', 'UTF8'),
       encode(sha256(convert_to('%%PDF-1.4', 'UTF8')), 'hex')
FROM consortium_invoice v
JOIN consortium_ledgerentry e ON e.reason = 'invoice_issued ' || v.id
WHERE v.organization_id = ANY(%(made)s)
"""
NUMBERED = """
WITH numbered AS (
    SELECT v.id, e.id AS entry_id, e.value_on, u.id AS by_id,
           extract(year FROM e.value_on + interval '6 months')::int AS fiscal_year
    FROM consortium_invoice v
    JOIN consortium_ledgerentry e ON e.reason = 'invoice_issued ' || v.id
    JOIN accounts_user u ON u.email = 'finance@inm.example'
    WHERE v.organization_id = ANY(%(made)s)
), counted AS (
    SELECT n.*, coalesce(c.last, 0) + row_number() OVER (
        PARTITION BY n.fiscal_year ORDER BY n.value_on, n.id) AS serial
    FROM numbered n LEFT JOIN consortium_numbercounter c
        ON c.series = 'INM' AND c.fiscal_year = n.fiscal_year
)
UPDATE consortium_invoice v
SET state = 'issued', fiscal_year = c.fiscal_year, serial = c.serial,
    check_code = 'C' || v.id, entry_id = c.entry_id, issued_on = c.value_on,
    issued_at = c.value_on + interval '12 hours', issued_by_id = c.by_id,
    due_on = c.value_on + 30
FROM counted c WHERE c.id = v.id
"""
#: How many numbers each year took; the counter takes them one by one.
TAKEN = """
SELECT fiscal_year, count(*) FROM consortium_invoice
WHERE organization_id = ANY(%(made)s) AND state = 'issued' GROUP BY fiscal_year
"""
COUNT = """
INSERT INTO consortium_numbercounter (series, fiscal_year, last) VALUES ('INM', %s, 1)
ON CONFLICT (series, fiscal_year)
DO UPDATE SET last = consortium_numbercounter.last + 1
"""
#: Most paid; of what each was asked for last one in 7 a part, one in 13 nothing.
RECEIPTS = """
INSERT INTO consortium_receipt
    (state, takes_two, reason, proposed_by_id, proposed_at, received_on, amount,
     currency, foreign_currency, method, payer_name, organization_id, bank_account,
     bank_reference, external_id, note)
SELECT 'proposed', false, '', u.id, v.due_on + 10, v.due_on + 10,
       CASE WHEN v.age = 1 AND v.nth %% 7 = 2 THEN l.amount / 2 ELSE l.amount END,
       v.currency, '', 'wire', v.bill_to_entity, v.organization_id, '', v.number, '',
       l.id::text
FROM (
    SELECT i.*, row_number() OVER (PARTITION BY organization_id
                                   ORDER BY due_on DESC, id) AS age,
           dense_rank() OVER (ORDER BY organization_id) AS nth
    FROM consortium_invoice i
    WHERE organization_id = ANY(%(made)s) AND state = 'issued'
        AND due_on + 10 < %(today)s
) v
JOIN consortium_invoiceline l ON l.invoice_id = v.id
JOIN accounts_user u ON u.email = 'finance@inm.example'
WHERE v.age > 1 OR v.nth %% 13 <> 3
"""
RECEIVED = "FROM consortium_receipt r WHERE r.organization_id = ANY(%(made)s)"
RECEIVING = posted(
    "cash_recorded",
    f"SELECT r.id, r.amount, r.received_on {RECEIVED}",
    f"SELECT r.id, r.organization_id {RECEIVED}",
    "('cash_clearing', true, false), ('unapplied_cash', false, false)",
)
RECORD = """
UPDATE consortium_receipt r
SET state = 'recorded', decided_by_id = e.recorded_by_id, decided_at = e.recorded_at,
    entry_id = e.id
FROM consortium_ledgerentry e
WHERE e.reason = 'cash_recorded ' || r.id AND r.organization_id = ANY(%(made)s)
"""
SHARING = posted(
    "cash_shared",
    f"SELECT r.id, r.amount, r.received_on {RECEIVED}",
    f"SELECT r.id, r.organization_id {RECEIVED}",
    "('unapplied_cash', true, false), ('unapplied_cash', false, true)",
)
SHARES = """
INSERT INTO consortium_receiptshare (receipt_id, organization_id, amount, entry_id)
SELECT r.id, r.organization_id, r.amount, e.id
FROM consortium_receipt r
JOIN consortium_ledgerentry e ON e.reason = 'cash_shared ' || r.id
WHERE r.organization_id = ANY(%(made)s)
"""
APPLIED = """
FROM consortium_receiptshare s JOIN consortium_receipt r ON r.id = s.receipt_id
WHERE s.organization_id = ANY(%(made)s) AND r.id %% 17 <> 0
"""
APPLYING = posted(
    "cash_allocated",
    f"SELECT s.id, s.amount, r.received_on {APPLIED}",
    f"SELECT s.id, s.organization_id {APPLIED}",
    "('unapplied_cash', true, true), ('receivable', false, true)",
)
ALLOCATIONS = """
INSERT INTO consortium_allocation (share_id, line_id, amount, reason, entry_id)
SELECT s.id, r.note::bigint, s.amount, '', e.id
FROM consortium_receiptshare s
JOIN consortium_receipt r ON r.id = s.receipt_id
JOIN consortium_ledgerentry e ON e.reason = 'cash_allocated ' || s.id
WHERE s.organization_id = ANY(%(made)s)
"""
EVIDENCE = """
INSERT INTO consortium_evidence
    (version, organization_id, invoice_id, payer, number, amount, currency, dated_on,
     recorded_at)
SELECT 1, v.organization_id, v.id, v.bill_to_entity, v.number, l.amount, v.currency,
       v.issued_on, v.issued_at
FROM consortium_invoice v JOIN consortium_invoiceline l ON l.invoice_id = v.id
WHERE v.organization_id = ANY(%(made)s)
    AND EXISTS (SELECT FROM consortium_allocation a WHERE a.line_id = l.id)
"""
CREDITS = """
INSERT INTO consortium_contributioncredit
    (organization_id, commitment_year_id, category, evidence_id, amount, currency,
     contributed_on, what_for, posting_id, claimed_at, state, asked_for, reason)
SELECT v.organization_id, l.commitment_year_id, 'fee', d.id, a.amount, v.currency,
       e.value_on, v.number || ', ' || l.description, e.id,
       greatest(e.value_on, y.starts_on), 'claimed', '', ''
FROM consortium_allocation a
JOIN consortium_ledgerentry e ON e.id = a.entry_id
JOIN consortium_invoiceline l ON l.id = a.line_id
JOIN consortium_invoice v ON v.id = l.invoice_id
JOIN consortium_evidence d ON d.invoice_id = v.id
JOIN consortium_commitmentyear y ON y.id = l.commitment_year_id
WHERE v.organization_id = ANY(%(made)s) AND y.starts_on <= %(today)s
"""
INVOICING = [PAYERS, INVOICES, LINES, APPROVE, *ISSUING, PDFS, NUMBERED]
MATCHING = [
    *[RECEIPTS, *RECEIVING, RECORD, *SHARING, SHARES],
    *[*APPLYING, ALLOCATIONS, EVIDENCE, CREDITS],
]
