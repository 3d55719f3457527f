select
    payment_id,
    organization_id,
    order_id,
    amount,
    paid_at,
    payment_method,
    is_refunded
from {{ ref('stg_payments') }}
