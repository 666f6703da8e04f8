//! The attributes of a type that what it causes may depend on; the others need not be evaluated.

use super::Made;
use crate::catalog::{AgencyUse, Gate};

/// Every resource is asked for these: code that asks for another one adds its name here.
const OF_ALL: [&str; 6] = ["bucket", "enterprise_project_id", "key", "prevent_destroy", "region", "tags"];

/// The names of the attributes, nested ones and their blocks by their own; sorted.
pub(super) fn asked_for(calls: &[Made<'_>], agencies: &[AgencyUse<'_>]) -> Vec<String> {
    let of_calls = calls.iter().flat_map(|made| {
        let gates = made.phases.iter().flat_map(|(_, gate)| gate.attributes());
        gates.chain(made.region)
    });
    let of_agencies = agencies.iter().flat_map(of_agency);
    let paths = of_calls.chain(of_agencies).chain(OF_ALL);
    let mut names: Vec<&str> = paths.flat_map(|path| path.split('.')).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(str::to_owned).collect()
}

fn of_agency<'a>(agency: &'a AgencyUse<'_>) -> Vec<&'a str> {
    let needs = agency.needs.iter();
    let gates = needs.clone().map(|need| &need.when).chain([&agency.when]).flat_map(Gate::attributes);
    gates.chain([agency.attribute]).chain(needs.filter_map(|need| need.region)).collect()
}

#[cfg(test)]
mod tests {
    use crate::authz::Occurs;
    use crate::catalog::{Catalog, TerraformKind};
    use crate::manifest::terraform::module::{Key, Turn, Wanted};
    use crate::manifest::terraform::resource::{KnownType, ProviderFacts, Resource, known_type};
    use crate::manifest::terraform::testing::with_root;

    const TEXT: &str = r#"
resource "huaweicloud_obs_bucket_object" "a" {
  bucket = "logs"
  key    = "a/b"
}
resource "huaweicloud_dli_elastic_resource_pool" "a" {
  name                  = "main"
  region                = "cn-north-4"
  enterprise_project_id = "prod"
  tags                  = { owner = "me" }
  lifecycle {
    prevent_destroy = true
  }
}
resource "huaweicloud_dli_elastic_resource_pool" "b" {
  tags = { owner = "me" }
}
resource "huaweicloud_aom_prom_instance" "a" {
  enterprise_project_id = "prod"
}
resource "huaweicloud_images_image_copy" "a" {
  region        = "cn-north-4"
  target_region = "cn-east-3"
  agency_name   = "copier"
  vault_id      = "v"
}
resource "huaweicloud_compute_instance" "a" {
  agency_name = "reader"
  power_action = "OFF"
  network {
    uuid              = "u"
    source_dest_check = false
  }
  dynamic "data_disks" {
    for_each = [1]
    content {
      kms_key_id = "k"
    }
  }
}
"#;

    /// What each resource of a file causes and hands over, after so much of it was evaluated.
    fn caused(text: &str, wanted: for<'k> fn(&'k KnownType<'_>) -> Wanted<'k>) -> Vec<String> {
        let catalog = Catalog::embedded();
        with_root(&[("main.tf", text)], |_, instance| {
            let caused = instance.declared().blocks.iter().map(|declared| {
                let type_name = &declared.block.labels[0];
                let known = known_type(TerraformKind::Resource, type_name, &catalog).unwrap().ok().unwrap();
                let turn = Turn { key: Key::None, variable: None };
                let resource = Resource {
                    known: &known,
                    kind: TerraformKind::Resource,
                    body: &instance.settled(*declared, &turn, wanted(&known)),
                    provider: &ProviderFacts { is_configured: true, ..ProviderFacts::default() },
                    default_region: None,
                    occurs: Occurs::Surely,
                    planned: None,
                };
                let agencies = resource.agencies().into_iter();
                let agencies = agencies.map(|handed| (handed.attribute, handed.named, handed.open, handed.needs));
                format!("{:#?} {:#?}", resource.calls(), agencies.collect::<Vec<_>>())
            });
            caused.collect()
        })
    }

    #[test]
    fn what_a_block_causes_is_the_same_if_the_rest_of_it_is_evaluated_too() {
        assert_eq!(caused(TEXT, |known| Wanted::Named(&known.asked_for)), caused(TEXT, |_| Wanted::All));
    }

    #[test]
    fn what_nothing_depends_on_is_not_asked_for() {
        let catalog = Catalog::embedded();
        let known = known_type(TerraformKind::Resource, "huaweicloud_vpc", &catalog).unwrap().ok().unwrap();
        let asked = |name: &str| known.asked_for.binary_search(&name.to_owned()).is_ok();
        assert!(asked("tags") && !asked("cidr_block"), "{:?}", known.asked_for);
    }
}
