"""Amendments and contributions of the copied members, by SQL."""

AMENDMENTS = """
INSERT INTO consortium_amendment
    (version, agreement_id, number, effective_on, counting, reason, contracting_entity,
     entity_country, entity_tax_number, billing_frequency, other_terms, state,
     signed_for_member_by, signed_for_mit_by, executed_sha256, abandoned_because)
SELECT 1, a.id, 1, y.starts_on, 'full_year', 'A second division takes part.', '', '',
       '', '', '', 'draft', '', '', '', ''
FROM consortium_agreement a JOIN consortium_commitmentyear y
    ON y.agreement_id = a.id AND y.number = a.term_years
WHERE a.organization_id = ANY(%(made)s) AND a.id %% 3 = 0 AND y.ends_on >= %(today)s
"""
AMENDED_YEARS = """
INSERT INTO consortium_amendedyear (amendment_id, number, required, fee_part)
SELECT m.id, a.term_years, 900000, 275000
FROM consortium_amendment m JOIN consortium_agreement a ON a.id = m.agreement_id
WHERE a.organization_id = ANY(%(made)s)
"""
SIGN_AMENDMENTS = """
UPDATE consortium_amendment m
SET state = 'signed', signed_on = %(today)s, recorded_on = %(today)s,
    signed_for_member_by = 'Demo signatory',
    signed_for_mit_by = 'Eleanor Whitcombe',
    executed_id = d.id, executed_sha256 = d.sha256
FROM consortium_agreement a, kernel_document d
WHERE d.kind = 'consortium.amendment' AND d.subject_id = m.id
    AND a.id = m.agreement_id AND a.organization_id = ANY(%(made)s)
"""
YEAR_AMOUNTS = """
INSERT INTO consortium_yearamount
    (commitment_year_id, amendment_id, required, fee_part, recorded_on)
SELECT y.id, m.id, w.required, w.fee_part, m.signed_on
FROM consortium_amendment m
JOIN consortium_amendedyear w ON w.amendment_id = m.id
JOIN consortium_agreement a ON a.id = m.agreement_id
JOIN consortium_commitmentyear y ON y.agreement_id = a.id AND y.number = w.number
WHERE a.organization_id = ANY(%(made)s)
"""
EVIDENCE = """
INSERT INTO consortium_evidence
    (version, organization_id, payer, number, amount, currency, dated_on, recorded_at)
SELECT 1, o.id, o.legal_name, c.category || '-' || y.id, c.amount, y.currency,
       y.starts_on, y.starts_on
FROM consortium_organization o
JOIN consortium_agreement a ON a.organization_id = o.id
JOIN consortium_commitmentyear y ON y.agreement_id = a.id AND y.starts_on < %(today)s
CROSS JOIN (VALUES ('research', 160000), ('fellowship', 60000), ('gift', 5000))
    c (category, amount)
WHERE o.id = ANY(%(made)s)
"""
CLAIMS = """
INSERT INTO consortium_contributioncredit
    (organization_id, commitment_year_id, category, evidence_id, amount, currency,
     contributed_on, what_for, claimed_at, state, asked_for, reason)
SELECT e.organization_id, split_part(e.number, '-', 2)::bigint,
       split_part(e.number, '-', 1), e.id, e.amount, e.currency, e.dated_on,
       'Copied with its document', e.recorded_at, 'claimed', '', ''
FROM consortium_evidence e
WHERE e.organization_id = ANY(%(made)s) AND e.invoice_id IS NULL
"""
REVIEW = """
UPDATE consortium_contributioncredit SET state = 'under_review'
WHERE organization_id = ANY(%(made)s) AND category <> 'gift'
"""
DECIDE = """
UPDATE consortium_contributioncredit
SET state = 'decided', accepted = amount, decided_at = claimed_at,
    reason = 'It is about manufacturing.',
    decided_by_id = (SELECT id FROM accounts_user
                     WHERE email = 'director@inm.example')
WHERE organization_id = ANY(%(made)s) AND category <> 'gift'
    AND (id %% 9 <> 0 OR posting_id IS NOT NULL)
"""
ENTRIES = """
INSERT INTO consortium_creditentry
    (credit_id, commitment_year_id, kind, amount, recognized, value_on, recorded_at,
     by_id, reason)
SELECT c.id, c.commitment_year_id, 'accepted', c.accepted, 0, c.contributed_on,
       c.decided_at, c.decided_by_id, c.reason
FROM consortium_contributioncredit c
WHERE c.organization_id = ANY(%(made)s) AND c.state = 'decided'
"""
REDUCTIONS = """
INSERT INTO consortium_creditentry
    (credit_id, commitment_year_id, kind, amount, recognized, value_on, recorded_at,
     by_id, reason)
SELECT c.id, c.commitment_year_id, 'reduced', -10000, 0, c.contributed_on,
       c.decided_at, c.decided_by_id, 'The contract was cut by amendment.'
FROM consortium_contributioncredit c
WHERE c.organization_id = ANY(%(made)s) AND c.state = 'decided' AND c.id %% 5 = 0
    AND c.posting_id IS NULL
"""
WAIVERS = """
INSERT INTO consortium_shortfallwaiver
    (commitment_year_id, amount, reason, granted_by_id, granted_at)
SELECT y.id, y.required - coalesce(sum(n.amount), 0), 'The project began late.', u.id,
       y.ends_on + 1
FROM consortium_commitmentyear y
JOIN consortium_agreement a ON a.id = y.agreement_id
JOIN accounts_user u ON u.email = 'director@inm.example'
LEFT JOIN consortium_creditentry n ON n.commitment_year_id = y.id
WHERE a.organization_id = ANY(%(made)s) AND y.ends_on < %(today)s AND y.id %% 4 = 0
GROUP BY y.id, u.id
HAVING y.required > coalesce(sum(n.amount), 0)
"""
JOURNAL = """
INSERT INTO kernel_journalentry (verb, subject_type, subject_id, facts, request_id)
SELECT 'consortium.amendment_signed', 'consortium.amendment', m.id, '{}'::jsonb, ''
FROM consortium_amendment m JOIN consortium_agreement a ON a.id = m.agreement_id
WHERE a.organization_id = ANY(%(made)s)
UNION ALL
SELECT CASE c.state WHEN 'decided' THEN 'consortium.credit_decided'
                    ELSE 'consortium.credit_claimed' END,
       'consortium.contributioncredit', c.id, '{}'::jsonb, ''
FROM consortium_contributioncredit c WHERE c.organization_id = ANY(%(made)s)
UNION ALL
SELECT 'consortium.shortfall_waived', 'consortium.commitmentyear', y.id, '{}'::jsonb, ''
FROM consortium_shortfallwaiver w
JOIN consortium_commitmentyear y ON y.id = w.commitment_year_id
JOIN consortium_agreement a ON a.id = y.agreement_id
WHERE a.organization_id = ANY(%(made)s)
"""
AMENDING = [AMENDMENTS, AMENDED_YEARS]
LEDGER = [
    *[SIGN_AMENDMENTS, YEAR_AMOUNTS],
    *[EVIDENCE, CLAIMS, REVIEW, DECIDE, ENTRIES, REDUCTIONS, WAIVERS, JOURNAL],
]
