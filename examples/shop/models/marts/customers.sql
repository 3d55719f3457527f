with history as (
    select
        customer_id,
        min(ordered_at) as first_ordered_at,
        count(*)::integer as lifetime_orders
    from {{ ref('stg_orders') }}
    group by customer_id
)

select
    customers.customer_id,
    customers.organization_id,
    customers.full_name,
    customers.email,
    customers.phone,
    customers.birth_date,
    customers.loyalty_tier,
    customers.marketing_opt_in,
    customers.preferences,
    customers.created_at,
    history.first_ordered_at,
    coalesce(history.lifetime_orders, 0) as lifetime_orders
from {{ ref('stg_customers') }} as customers
left join history using (customer_id)
