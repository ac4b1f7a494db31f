//! The aim of a run: which records go where, as the command line and the configuration say it together.

use super::args::{EntityName, ScopeArgs, TargetName};
use crate::config::Config;

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

    fn add(&mut self, entity: EntityName) {
        match entity {
            EntityName::Orders => self.orders = true,
            EntityName::Refunds => self.refunds = true,
            EntityName::Customers => self.customers = true,
            EntityName::Products => self.products = true,
            EntityName::All => {
                for each in EntityName::ALL {
                    self.add(each);
                }
            }
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

    pub fn of(args: &ScopeArgs, config: &Config) -> Aim {
        let mut aim = Aim::default();
        for entity in each(&args.entities) {
            let configured = config.sync.targets(entity.as_str());
            let goes_to = |target: TargetName| {
                if args.to.is_empty() {
                    configured.iter().any(|to| to == target.as_str())
                } else {
                    args.to.contains(&target)
                }
            };
            if goes_to(TargetName::Quickbooks) {
                aim.books.add(entity);
            }
            if goes_to(TargetName::Supabase) {
                aim.copy.add(entity);
            }
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

/// The kinds that are meant, in order of need, each once.
pub fn each(entities: &[EntityName]) -> Vec<EntityName> {
    let all = entities.contains(&EntityName::All);
    let meant = |entity: &EntityName| all || entities.contains(entity);
    let mut each: Vec<EntityName> = EntityName::ALL.into_iter().filter(meant).collect();
    if entities.contains(&EntityName::Refunds) && !each.contains(&EntityName::Orders) {
        each.push(EntityName::Refunds);
    }
    each
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aim(entities: &[EntityName], to: &[TargetName], sync: &str) -> Aim {
        let text = format!(
            "[shop]\nname = \"aurora\"\n[woocommerce]\nurl = \"https://shop.example.com\"\n\
             [quickbooks]\nenvironment = \"sandbox\"\n[supabase]\ntransport = \"rest\"\nurl = \"https://abc.supabase.co\"\n{sync}"
        );
        let config = crate::config::parse(&text, "udsync.toml").expect("a good configuration");
        let args = ScopeArgs {
            entities: entities.to_vec(),
            to: to.to_vec(),
            ..ScopeArgs::default()
        };
        Aim::of(&args, &config)
    }

    #[test]
    fn records_go_where_the_configuration_says_unless_the_command_does() {
        use EntityName::{All, Customers, Orders, Products, Refunds};
        let orders = Share {
            orders: true,
            ..Share::default()
        };
        let both = aim(&[Orders], &[], "");
        assert_eq!((both.books, both.copy), (orders, orders));
        let one = aim(&[Orders], &[TargetName::Supabase], "");
        assert_eq!((one.books, one.copy), (Share::default(), orders));
        let named = aim(
            &[Orders, Customers],
            &[],
            "[sync]\nto = [\"quickbooks\"]\n[sync.customers]\nto = [\"supabase\"]\n",
        );
        assert!(named.books.orders && !named.books.customers);
        assert!(!named.copy.orders && named.copy.customers);
        let all = aim(&[All], &[], "");
        assert!(all.copy.orders && all.copy.customers && all.copy.products && !all.copy.refunds);
        assert_eq!(each(&[All]), [Products, Customers, Orders]);
        assert_eq!(each(&[Refunds, Customers]), [Customers, Refunds]);
        assert_eq!(
            each(&[Refunds, Orders]),
            [Orders],
            "orders have their refunds with them"
        );
    }
}
