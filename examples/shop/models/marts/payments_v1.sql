select
    payment_id,
    organization_id as org_id,
    order_id,
    amount,
    paid_at
from {{ ref('stg_payments') }}
