select
    payment_id,
    organization_id,
    order_id,
    payment_method,
    amount,
    is_refunded,
    paid_at
from {{ ref('raw_payments') }}
