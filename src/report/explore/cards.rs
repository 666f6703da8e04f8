//! `catalog show` for people.

use std::io::{self, Write};

use super::info::info;
use crate::explore::{
    ActionCard, ActionUse, ApiCard, CallCard, Card, Cited, Inventory, NeedCard, OperationCard, OperationUse,
    PatternCard, PolicyCard, PolicyUse, RowCard, ScopeColumns, ServiceCard, ServiceFigures, TypeCard, TypeUse,
};
use crate::report::paint::{Paint, field};

/// Writes everything that a name can mean, a blank line apart.
///
/// # Errors
/// Those of `out`.
pub fn cards(cards: &[Card<'_>], paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let mut sheet = Sheet { paint, out };
    for (index, card) in cards.iter().enumerate() {
        if index > 0 {
            writeln!(sheet.out)?;
        }
        match card {
            Card::Service(card) => sheet.service(card),
            Card::Action(card) => sheet.action(card),
            Card::Pattern(card) => sheet.pattern(card),
            Card::Api(card) => sheet.api(card),
            Card::TerraformType(card) => sheet.terraform(card),
            Card::Operation(card) => sheet.operation(card),
            Card::Policy(card) => sheet.policy(card),
        }?;
    }
    Ok(())
}

struct Sheet<'s> {
    paint: Paint,
    out: &'s mut dyn Write,
}

impl Sheet<'_> {
    fn title(&mut self, kind: &str, name: &str, marks: &[&str]) -> io::Result<()> {
        let marks = if marks.is_empty() { String::new() } else { format!("  ({})", marks.join(", ")) };
        writeln!(self.out, "{} {}{}", self.paint.kind(kind), self.paint.strong(name), self.paint.care(&marks))
    }

    fn lines(&mut self, label: &str, lines: &[String]) -> io::Result<()> {
        field(self.out, self.paint, label, lines)
    }

    /// A list of names, some on each line.
    fn names(&mut self, label: &str, names: &[&str]) -> io::Result<()> {
        let mut lines: Vec<String> = Vec::new();
        for name in names {
            match lines.last_mut() {
                Some(line) if line.len() + name.len() < 90 => {
                    line.push_str(", ");
                    line.push_str(name);
                }
                _ => lines.push((*name).to_owned()),
            }
        }
        self.lines(label, &lines)
    }

    fn text(&mut self, label: &str, text: &str) -> io::Result<()> {
        self.lines(label, &[text.to_owned()])
    }

    fn source(&mut self, source: Option<Cited<'_>>) -> io::Result<()> {
        let lines: Vec<String> = source.iter().map(cited).collect();
        self.lines("source", &lines)
    }

    fn scopes(&mut self, scopes: ScopeColumns) -> io::Result<()> {
        self.text("scopes", &columns(scopes))
    }

    fn needs(&mut self, label: &str, needs: &[NeedCard<'_>]) -> io::Result<()> {
        let lines: Vec<String> = needs.iter().map(|one| need(self.paint, one)).collect();
        self.lines(label, &lines)
    }

    fn types(&mut self, label: &str, types: &[TypeUse<'_>]) -> io::Result<()> {
        let line = |one: &TypeUse<'_>| {
            let phases = self.paint.faint(&format!("({})", one.phases.join(", ")));
            format!("{} {} {phases}", one.block, one.name)
        };
        let lines: Vec<String> = types.iter().map(line).collect();
        self.lines(label, &lines)
    }

    fn service(&mut self, card: &ServiceCard<'_>) -> io::Result<()> {
        self.title("service", card.service, &[])?;
        self.names("names", &card.names)?;
        self.text("resources", card.reach)?;
        self.text("enterprise proj.", card.enterprise_projects)?;
        self.names("same APIs as", &card.family)?;
        self.names("hosts", &card.hosts)?;
        let sdk: Vec<String> =
            card.sdk.iter().map(|(version, languages)| format!("{version}: {}", languages.join(", "))).collect();
        self.lines("SDK", &sdk)?;
        self.source(Some(card.source).filter(|source| !source.document.is_empty()))?;
        let own =
            ServiceFigures { service: card.service.to_owned(), figures: card.figures.clone(), documents: Vec::new() };
        let inventory = Inventory {
            documents: Vec::new(),
            service: Some(own.service.clone()),
            services: 1,
            when_codes: 0,
            figures: card.figures.clone(),
            extensions: Vec::new(),
            by_service: vec![own],
        };
        info(&inventory, false, self.paint, self.out)
    }

    fn action(&mut self, card: &ActionCard<'_>) -> io::Result<()> {
        let grammars = card.grammars.join(" and ");
        let mark = if grammars.is_empty() { String::from("known by name only") } else { format!("grammar {grammars}") };
        self.title("action", card.action, &[&mark])?;
        self.text_if("access level", card.access)?;
        self.scopes(card.scopes)?;
        self.uses("needed by", &card.apis)?;
        self.uses("APIs depend on it", &card.dependents)?;
        self.uses("alias in", &card.alias_apis)?;
        let resources = card.resources.iter().map(|resource| {
            let required = if resource.required { " (required)" } else { "" };
            let urn = resource.urn.map(|urn| format!("  {urn}")).unwrap_or_default();
            let keys = if resource.conditions.is_empty() {
                String::new()
            } else {
                format!("  keys: {}", resource.conditions.join(", "))
            };
            format!("{}{required}{}", resource.name, self.paint.faint(&format!("{urn}{keys}")))
        });
        let resources: Vec<String> = resources.collect();
        self.lines("resource types", &resources)?;
        self.names("condition keys", &card.conditions)?;
        self.names("1.1 aliases", &card.aliases)?;
        self.names("alias of", &card.alias_of)?;
        self.policies(&card.policies)?;
        self.operations(&card.operations)?;
        self.types("Terraform", &card.terraform)?;
        self.source(card.source)
    }

    fn text_if(&mut self, label: &str, text: Option<&str>) -> io::Result<()> {
        text.map_or(Ok(()), |text| self.text(label, text))
    }

    fn uses(&mut self, label: &str, uses: &[ActionUse<'_>]) -> io::Result<()> {
        let mut lines = Vec::new();
        for one in uses {
            let pattern = if one.names.contains('*') { format!(" as {}", one.names) } else { String::new() };
            let when = one.when.map(|when| format!(" when {}", when.meaning.unwrap_or(when.code))).unwrap_or_default();
            lines.push(format!("{} {}{}{}", one.service, self.paint.strong(one.api), pattern, self.paint.care(&when)));
            let about = format!("    {}; {}", columns(one.scopes), cited(&one.source));
            lines.push(self.paint.faint(&about));
        }
        self.lines(label, &lines)
    }

    fn operations(&mut self, operations: &[OperationUse<'_>]) -> io::Result<()> {
        let name = |one: &OperationUse<'_>| format!("{} {}/{}", one.service, one.name, one.version);
        let names: Vec<String> = operations.iter().map(name).collect();
        self.names("operations", &names.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn policies(&mut self, policies: &[PolicyUse<'_>]) -> io::Result<()> {
        let line = |one: &PolicyUse<'_>| {
            let names = self.paint.faint(&format!("({} {})", one.effect.replace('_', " "), one.names));
            format!("{} {names}", one.policy)
        };
        let lines: Vec<String> = policies.iter().map(line).collect();
        self.lines("system policies", &lines)
    }

    fn pattern(&mut self, card: &PatternCard<'_>) -> io::Result<()> {
        self.title("actions", &card.pattern, &[&format!("covers {}", card.covers.len())])?;
        self.scopes(card.scopes)?;
        let line = |one: &crate::explore::CoveredAction<'_>| {
            let apis = match one.apis {
                0 => String::from("no API"),
                1 => String::from("1 API"),
                more => format!("{more} APIs"),
            };
            let access = one.access.map(|access| format!(", {access}")).unwrap_or_default();
            let grammars =
                if one.grammars.is_empty() { String::new() } else { format!("{}, ", one.grammars.join(" and ")) };
            format!("{}  {}", one.action, self.paint.faint(&format!("{grammars}{apis}{access}")))
        };
        let lines: Vec<String> = card.covers.iter().map(line).collect();
        self.lines("covers", &lines)?;
        self.policies(&card.policies)
    }

    fn api(&mut self, card: &ApiCard<'_>) -> io::Result<()> {
        let marks = [
            (!card.has_row, "no row: its actions are not known"),
            (card.deprecated, "deprecated"),
            (card.historical, "only in an old page"),
            (card.openstack, "OpenStack's"),
            (card.other_version, "the page has another version"),
        ];
        let marks: Vec<&str> = marks.into_iter().filter(|(is_so, _)| *is_so).map(|(_, mark)| mark).collect();
        self.title(&format!("API {}", card.service), &card.api, &marks)?;
        if card.has_row && card.actions.is_empty() && card.identity.is_empty() {
            self.text("actions", "the page names none")?;
        }
        self.needs("actions 1.1", &card.actions)?;
        self.needs("actions 5.0", &card.identity)?;
        self.names("1.1 aliases", &card.identity_aliases)?;
        self.needs("depends on", &card.depends)?;
        self.names("depends on (5.0)", &card.identity_depends)?;
        let role =
            |role: &crate::explore::RoleCard<'_>| format!("{}{}", role.any.join(" or "), when(self.paint, role.when));
        let roles: Vec<String> = card.roles.iter().map(role).collect();
        self.lines("roles", &roles)?;
        if card.has_row {
            self.scopes(card.scopes)?;
        }
        let notes: Vec<String> = card.notes.iter().map(|note| note.meaning.unwrap_or(note.code).to_owned()).collect();
        self.lines("notes", &notes)?;
        for conflict in &card.conflicts {
            let actions = if conflict.actions.is_empty() { String::new() } else { conflict.actions.join(", ") };
            let scopes = Some(conflict.scopes).filter(|scopes| scopes.project.or(scopes.enterprise_project).is_some());
            let parts: Vec<String> =
                [Some(actions).filter(|text| !text.is_empty()), scopes.map(columns)].into_iter().flatten().collect();
            self.lines("another source says", &[parts.join("; "), self.paint.faint(&cited(&conflict.source))])?;
        }
        self.operations(&card.operations)?;
        self.types("Terraform", &card.terraform)?;
        self.source(card.source)
    }

    fn terraform(&mut self, card: &TypeCard<'_>) -> io::Result<()> {
        let alias = card.alias_of.map(|name| format!("another name of {name}"));
        let mut marks: Vec<&str> = alias.as_deref().into_iter().collect();
        marks.extend(card.deprecated.then_some("deprecated"));
        self.title(card.block, card.name, &marks)?;
        self.text("service", card.service)?;
        self.names("attributes", &card.attributes)?;
        self.names("read after", &card.read_after)?;
        let defaults: Vec<String> = card.defaults.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        self.names("defaults", &defaults.iter().map(String::as_str).collect::<Vec<_>>())?;
        for phase in ["create", "read", "update", "delete", "import"] {
            let mut lines = Vec::new();
            for call in &card.calls {
                if let Some(gate) = call.phases.iter().find(|gate| gate.phase == phase) {
                    lines.extend(self.call(call, &gate.gate));
                }
            }
            self.lines(phase, &lines)?;
        }
        self.source(Some(card.source))
    }

    fn call(&self, call: &CallCard<'_>, gate: &str) -> Vec<String> {
        let gate = if gate == "always" { String::new() } else { format!(" if {gate}") };
        let mut lines = vec![format!("{} {}{}", call.service, self.paint.strong(&call.api), self.paint.care(&gate))];
        if let Some(region) = call.region {
            lines.push(self.paint.faint(&format!("    in the region that `{region}` names")));
        }
        lines.extend(call.perhaps.map(|why| self.paint.faint(&format!("    perhaps: {why}"))));
        lines.extend(self.rows(&call.rows));
        lines
    }

    fn rows(&self, rows: &[RowCard<'_>]) -> Vec<String> {
        if rows.is_empty() {
            return vec![self.paint.care("    no row: its actions are not known")];
        }
        let mut lines = Vec::new();
        for row in rows {
            // The row of another service, or of another path that takes this one, is worth telling.
            let needs = if row.actions.is_empty() { &row.identity } else { &row.actions };
            let needs: Vec<String> = needs.iter().map(|one| need(self.paint, one)).collect();
            let needs = if needs.is_empty() { String::from("the page names no action") } else { needs.join(", ") };
            lines.push(format!("    {needs}"));
        }
        lines
    }

    fn operation(&mut self, card: &OperationCard<'_>) -> io::Result<()> {
        self.title("operation", &format!("{} {}/{}", card.service, card.name, card.version), &[])?;
        self.text("API", &card.api)?;
        self.names("told by body keys", &card.body)?;
        if card.rows.is_empty() {
            self.text("actions", "no row: its actions are not known")?;
        }
        for row in &card.rows {
            self.text("row", &format!("{} {}", row.service, row.api))?;
            self.needs("actions 1.1", &row.actions)?;
            self.needs("actions 5.0", &row.identity)?;
            self.scopes(row.scopes)?;
            self.source(Some(row.source))?;
        }
        self.text("operation from", &cited(&card.source))
    }

    fn policy(&mut self, card: &PolicyCard<'_>) -> io::Result<()> {
        let mark = match card.body {
            "known" => "body known",
            "assumed" => "body assumed from the name",
            _ => "body unknown",
        };
        self.title(&format!("system {}", card.kind), card.name, &[mark])?;
        let others: Vec<&str> = card.names.iter().copied().filter(|name| *name != card.name).collect();
        self.names("other names", &others)?;
        self.text("service", card.service)?;
        self.names("allow", &card.allow)?;
        self.names("deny", &card.deny)?;
        self.names("perhaps allow", &card.allow_perhaps)?;
        self.names("perhaps deny", &card.deny_perhaps)?;
        self.names("assumed", &card.assumed)?;
        self.names("not granted", &card.not_granted)?;
        self.names("needs beside it", &card.depends)?;
        self.source(Some(card.source))
    }
}

fn need(paint: Paint, need: &NeedCard<'_>) -> String {
    let on = need.on.map(|on| paint.faint(&format!(" for {on}"))).unwrap_or_default();
    format!("{}{on}{}", need.action, when(paint, need.when))
}

fn when(paint: Paint, code: Option<crate::explore::Code<'_>>) -> String {
    let Some(code) = code else { return String::new() };
    let text = match code.meaning {
        Some(meaning) => format!(" when {meaning} [{}]", code.code),
        None => format!(" when [{}]", code.code),
    };
    paint.care(&text)
}

fn cited(source: &Cited<'_>) -> String {
    let date = source.date.map_or_else(|| String::from("undated"), str::to_owned);
    let extension = source.extension.map(|file| format!(", in {file}")).unwrap_or_default();
    format!("{} ({date}{extension})", source.document)
}

fn columns(scopes: ScopeColumns) -> String {
    let word = |column: Option<bool>| match column {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not said",
    };
    format!("IAM project: {}, enterprise project: {}", word(scopes.project), word(scopes.enterprise_project))
}
