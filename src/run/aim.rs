//! The aim of a run: which records go where, as whoever asked and the configuration say it together.

use super::request::{RunSubject, Selection};
use crate::config::Config;
use crate::model::plan::Entity;
use crate::model::problem::Problem;
use crate::model::service::{Service, ServiceRole};

/// What each target gets. A target that gets nothing has no part in the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Aim {
    pub books: Share,
    pub copy: Share,
}

/// The kinds of records of one target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub orders: bool,
    /// Of the orders only those that have refunds.
    pub refunds: bool,
    pub customers: bool,
    pub products: bool,
}

impl Share {
    pub fn is_empty(self) -> bool {
        self == Share::default()
    }

    /// Orders are read for it, all or some.
    pub fn reads_orders(self) -> bool {
        self.orders || self.refunds
    }

    fn add(&mut self, entity: Entity) {
        match entity {
            Entity::Order => self.orders = true,
            Entity::Refund => self.refunds = true,
            Entity::Customer => self.customers = true,
            Entity::Product => self.products = true,
            // Payouts are asked for by themselves.
            Entity::Payout => {}
        }
    }
}

impl Aim {
    /// The books alone.
    pub fn books(share: Share) -> Aim {
        Aim {
            books: share,
            copy: Share::default(),
        }
    }

    /// The aim of whatever a run is about.
    pub fn of(subject: &RunSubject, config: &Config, troubled: &[Problem]) -> Aim {
        match subject {
            RunSubject::Records(selection) => Aim::of_records(selection, config),
            // A saved plan is one for the books.
            RunSubject::Plan(plan) => Aim::books(Share {
                orders: true,
                customers: !plan.basis.shoppers.is_empty(),
                products: !plan.basis.products.is_empty(),
                ..Share::default()
            }),
            RunSubject::Undo(_) | RunSubject::Payouts(_) => Aim::books(Share {
                orders: true,
                ..Share::default()
            }),
            RunSubject::Problems(Some(problems)) => Aim::of_problems(problems, config),
            RunSubject::Problems(None) => Aim::of_problems(troubled, config),
            RunSubject::Named(named) => {
                let selection = Selection {
                    entities: named.entities(),
                    ..Selection::default()
                };
                Aim::of_records(&selection, config)
            }
        }
    }

    pub fn of_records(selection: &Selection, config: &Config) -> Aim {
        let mut aim = Aim::default();
        for entity in &selection.entities {
            let configured = config.sync.targets(&format!("{entity}s"));
            let to = if selection.to.is_empty() {
                configured
            } else {
                &selection.to
            };
            for target in to {
                match target.role() {
                    ServiceRole::Books => aim.books.add(*entity),
                    ServiceRole::Copy => aim.copy.add(*entity),
                    // Nothing is sent there.
                    ServiceRole::Shop | ServiceRole::Gateway => {}
                }
            }
        }
        aim
    }

    /// The targets and kinds of records that the problems are about. Without any it is what a sync of orders is.
    fn of_problems(problems: &[Problem], config: &Config) -> Aim {
        let mut aim = Aim::default();
        for problem in problems {
            let of = Service::from_word(&problem.target).map(Service::role);
            let share = match of {
                Some(ServiceRole::Copy) => &mut aim.copy,
                Some(ServiceRole::Books | ServiceRole::Shop | ServiceRole::Gateway) | None => {
                    &mut aim.books
                }
            };
            match problem.source.entity {
                Entity::Order | Entity::Refund => share.orders = true,
                Entity::Customer => share.customers = true,
                Entity::Product => share.products = true,
                // Whoever asks for one wants the books.
                Entity::Payout => share.orders = true,
            }
        }
        if aim == Aim::default() {
            let orders = Selection {
                entities: vec![Entity::Order],
                ..Selection::default()
            };
            aim = Aim::of_records(&orders, config);
        }
        aim
    }

    /// Every record that has part in the run.
    pub fn both(self) -> Share {
        let (books, copy) = (self.books, self.copy);
        Share {
            orders: books.orders || copy.orders,
            refunds: books.refunds || copy.refunds,
            customers: books.customers || copy.customers,
            products: books.products || copy.products,
        }
    }
}

/// The kinds that are meant, in order of need, each once: what comes first is what the rest refers to.
pub fn in_order_of_need(entities: &[Entity]) -> Vec<Entity> {
    const NEED: [Entity; 3] = [Entity::Product, Entity::Customer, Entity::Order];
    let meant = |entity: &Entity| entities.contains(entity);
    let mut each: Vec<Entity> = NEED.into_iter().filter(meant).collect();
    // Orders have their refunds with them.
    if entities.contains(&Entity::Refund) && !each.contains(&Entity::Order) {
        each.push(Entity::Refund);
    }
    each
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aim(entities: &[Entity], to: &[Service], sync: &str) -> Aim {
        let text = format!(
            "[shop]\nname = \"aurora\"\n[woocommerce]\nurl = \"https://shop.example.com\"\n\
             [quickbooks]\nenvironment = \"sandbox\"\n[supabase]\ntransport = \"rest\"\nurl = \"https://abc.supabase.co\"\n{sync}"
        );
        let config = crate::config::parse(&text, "udsync.toml").expect("a good configuration");
        let selection = Selection {
            entities: entities.to_vec(),
            to: to.to_vec(),
            ..Selection::default()
        };
        Aim::of_records(&selection, &config)
    }

    #[test]
    fn records_go_where_the_configuration_says_unless_the_request_does() {
        use Entity::{Customer, Order, Product, Refund};
        let orders = Share {
            orders: true,
            ..Share::default()
        };
        let both = aim(&[Order], &[], "");
        assert_eq!((both.books, both.copy), (orders, orders));
        let one = aim(&[Order], &[Service::Supabase], "");
        assert_eq!((one.books, one.copy), (Share::default(), orders));
        let named = aim(
            &[Order, Customer],
            &[],
            "[sync]\nto = [\"quickbooks\"]\n[sync.customers]\nto = [\"supabase\"]\n",
        );
        assert!(named.books.orders && !named.books.customers);
        assert!(!named.copy.orders && named.copy.customers);
        let all = aim(&[Order, Customer, Product], &[], "");
        assert!(all.copy.orders && all.copy.customers && all.copy.products && !all.copy.refunds);
        assert_eq!(
            in_order_of_need(&[Order, Customer, Product]),
            [Product, Customer, Order]
        );
        assert_eq!(in_order_of_need(&[Refund, Customer]), [Customer, Refund]);
        assert_eq!(
            in_order_of_need(&[Refund, Order]),
            [Order],
            "orders have their refunds with them"
        );
    }
}
