//! Rows of tables become APIs and actions of a draft.

use std::collections::{BTreeMap, HashMap};

use super::super::super::{ApiKey, Catalog, Scopes};
use super::super::{Draft, DraftAction, DraftApi, DraftResource, Tally, Unread, merge};
use super::headings::{self, Column, Headings, Kind};
use super::meaning::Conditions;
use super::text::{is_nothing, tidy};
use super::{Page, Row, Table, actions, apis};

/// Reads the rows of a page. Without a service it is that of most actions.
pub(super) fn read(page: Page, service: Option<&str>, catalog: &Catalog) -> (Draft, Tally) {
    let tables: Vec<(Headings, &Table)> = page
        .tables
        .iter()
        .map(|table| (headings::read(table), table))
        .filter(|(_, table)| !table.rows.is_empty())
        .collect();
    let service = service.map_or_else(|| most_frequent(&tables), str::to_owned);
    let mut reading = Reading {
        catalog,
        service: &service,
        conditions: Conditions::new(&service, catalog),
        draft: Draft { service: service.clone(), unread: page.unread, ..Draft::default() },
        tally: Tally::default(),
        apis: HashMap::new(),
        rows: Vec::new(),
        actions: HashMap::new(),
        urns: BTreeMap::new(),
    };
    for (headings, table) in &tables {
        reading.table(headings, table);
    }
    reading.finish()
}

/// The service of most actions, in lower case; empty where there are none.
fn most_frequent(tables: &[(Headings, &Table)]) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (headings, table) in
        tables.iter().filter(|(headings, _)| matches!(headings.kind, Kind::Apis(_) | Kind::Actions))
    {
        let Some(column) = headings.columns.iter().position(|(column, _)| *column == Column::Action) else { continue };
        for cell in table.rows.iter().skip(headings.rows).filter_map(|row| row.cells.get(column)) {
            for (action, _) in actions::read(&tidy(cell)).actions {
                let service = action.split(':').next().unwrap_or_default().to_ascii_lowercase();
                *counts.entry(service).or_default() += 1;
            }
        }
    }
    counts
        .into_iter()
        .max_by(|left, right| left.1.cmp(&right.1).then_with(|| right.0.cmp(&left.0)))
        .unwrap_or_default()
        .0
}

/// The most rows of one API that are told apart.
const MAX_ROWS: usize = 50;

/// Actions, each perhaps with the code of its condition.
type Needs = Vec<(String, Option<String>)>;

struct Reading<'a> {
    catalog: &'a Catalog,
    service: &'a str,
    conditions: Conditions<'a>,
    draft: Draft,
    tally: Tally,
    /// Where each API stands in the draft.
    apis: HashMap<String, usize>,
    /// The rows of each API of the draft, each with what it permits.
    rows: Vec<Vec<(String, DraftApi)>>,
    /// Where each action stands in the draft.
    actions: HashMap<String, usize>,
    /// The shape of the names of each type of resources.
    urns: BTreeMap<String, String>,
}

/// The cells of one row by their columns.
struct Cells<'a> {
    line: usize,
    texts: Vec<(Column, &'a str, String)>,
}

impl Cells<'_> {
    /// The text of a column; of several with the same heading, one line each.
    fn get(&self, column: Column) -> String {
        let texts = self.texts.iter().filter(|(other, _, text)| *other == column && !is_nothing(text));
        texts.map(|(_, _, text)| text.as_str()).collect::<Vec<_>>().join("\n")
    }
}

impl Reading<'_> {
    fn unread(&mut self, line: usize, what: impl Into<String>) {
        self.draft.unread.push(Unread { line, what: what.into() });
    }

    fn table(&mut self, headings: &Headings, table: &Table) {
        if headings.kind == Kind::Other {
            let names: Vec<&str> = headings.columns.iter().map(|(_, name)| name.as_str()).collect();
            let rows = table.rows.len().saturating_sub(headings.rows);
            self.tally.tables += 1;
            let names = short(&names.join(" | "));
            self.unread(table.line, format!("a table of {rows} rows with headings that are not understood: {names}"));
            return;
        }
        for (_, name) in headings.columns.iter().filter(|(column, name)| *column == Column::Unknown && !name.is_empty())
        {
            self.unread(table.line, format!("the column `{}` was left out", short(name)));
        }
        for row in table.rows.iter().skip(headings.rows) {
            self.row(headings, row);
        }
    }

    fn row(&mut self, headings: &Headings, row: &Row) {
        let mut texts = Vec::with_capacity(row.cells.len());
        let mut beyond = Vec::new();
        for (at, cell) in row.cells.iter().enumerate() {
            let text = tidy(cell);
            match headings.columns.get(at) {
                Some((column, name)) => texts.push((*column, name.as_str(), text)),
                None if is_nothing(&text) => {}
                None => beyond.push(text),
            }
        }
        if is_caption(&texts) {
            return;
        }
        if headings.kind == Kind::Resources {
            self.urn(&Cells { line: row.line, texts });
            return;
        }
        let before = self.draft.unread.len();
        for text in beyond {
            self.unread(row.line, format!("a cell without a heading: `{}`", short(&text)));
        }
        let cells = Cells { line: row.line, texts };
        let is_read = match headings.kind {
            Kind::Apis(is_identity) => self.api(&cells, is_identity),
            _ => self.action(&cells),
        };
        match (is_read, self.draft.unread.len() > before) {
            (true, false) => self.tally.read += 1,
            (true, true) => self.tally.part += 1,
            (false, _) => self.tally.unread += 1,
        }
    }

    /// A row of an API table. Gives whether something was read.
    fn api(&mut self, cells: &Cells<'_>, is_identity: bool) -> bool {
        let line = cells.line;
        let named = apis::read(&api_text(cells), self.service, self.catalog);
        for error in &named.errors {
            self.unread(line, error.clone());
        }
        if named.apis.is_empty() {
            if named.errors.is_empty() {
                let text = short(&api_text(cells));
                let shown = if text.is_empty() { text } else { format!(": `{text}`") };
                self.unread(line, format!("the row names no API with method and path{shown}"));
            }
            return false;
        }
        let Some(mut row) = self.needs(cells, is_identity) else { return false };
        self.beside_the_api(&named.leftover.join(" "), &mut row, line);
        let permission = cells.get(Column::Permission).replace('\n', " ");
        let mut is_read = false;
        for api in named.apis {
            is_read |= self.add(DraftApi { api, ..row.clone() }, &permission, line);
        }
        is_read
    }

    /// Words beside an API that say which requests the row is for are a condition of its actions.
    fn beside_the_api(&mut self, words: &str, row: &mut DraftApi, line: usize) {
        let words = words.trim_matches(['(', ')', ' ', ',', ';', ':', '.']);
        if words.is_empty() {
            return;
        }
        let selects = words.contains('=') || (actions::is_condition(words) && !words.contains(".. note"));
        if !selects || !row.identity.is_empty() || actions::speaks_of_roles(words) || words.contains("权限") {
            self.unread(line, format!("words beside the API were left out: `{}`", short(words)));
            return;
        }
        let code = self.conditions.code(words);
        for (_, condition) in row.actions.iter_mut().filter(|(_, condition)| condition.is_none()) {
            *condition = Some(code.clone());
        }
    }

    /// The text of a column of actions up to a note, which is listed.
    fn noted(&mut self, cells: &Cells<'_>, column: Column) -> String {
        let text = cells.get(column);
        let lower = text.to_lowercase();
        let starts = ["\n说明", "\nnote", "\n注意", "\n.. note"];
        let Some(at) = starts.iter().filter_map(|start| lower.find(start)).min().filter(|_| lower.len() == text.len())
        else {
            return text;
        };
        let (text, note) = text.split_at(at);
        self.unread(cells.line, format!("a note was left out: `{}`", short(note.trim_start())));
        text.to_owned()
    }

    /// What a row says beside its API; `None` if its actions cannot be told.
    fn needs(&mut self, cells: &Cells<'_>, is_identity: bool) -> Option<DraftApi> {
        let line = cells.line;
        let text = self.noted(cells, Column::Action);
        let named = actions::read(&text);
        if named.actions.is_empty() {
            self.unread(
                line,
                if text.is_empty() {
                    "the row names no action".to_owned()
                } else {
                    format!("the row names no action: `{}`", short(&text))
                },
            );
            return None;
        }
        if !named.leftover.is_empty() {
            let words = named.leftover.join(" … ");
            self.unread(
                line,
                format!("words beside an action make no condition, so the row was not read: `{}`", short(&words)),
            );
            return None;
        }
        let scopes = self.scopes(cells);
        let (new, old): (Vec<_>, Vec<_>) =
            named.actions.into_iter().partition(|(action, _)| is_identity || action.contains("::"));
        if let Some((action, Some(words))) = new.iter().find(|(_, condition)| condition.is_some()) {
            self.unread(
                line,
                format!("`{action}` has a condition, and actions of grammar 5.0 have none here: `{}`", short(words)),
            );
            return None;
        }
        let mut row = DraftApi { scopes, identity: names(new), actions: self.coded(old), ..DraftApi::default() };
        self.depends(cells, &mut row, is_identity);
        let aliases = actions::read(&cells.get(Column::Alias));
        row.identity_aliases = names(aliases.actions);
        Some(row)
    }

    fn depends(&mut self, cells: &Cells<'_>, row: &mut DraftApi, is_identity: bool) {
        let named = actions::read(&self.noted(cells, Column::Depends));
        if !named.leftover.is_empty() {
            let words = named.leftover.join(" … ");
            self.unread(cells.line, format!("words in the column of dependencies were left out: `{}`", short(&words)));
        }
        let (new, old): (Vec<_>, Vec<_>) =
            named.actions.into_iter().partition(|(action, _)| is_identity || action.contains("::"));
        let own = |action: &String| row.actions.iter().any(|(other, when)| other == action && when.is_none());
        let old: Vec<_> = old.into_iter().filter(|(action, _)| !own(action)).collect();
        row.depends = self.coded(old);
        row.identity_depends = names(new);
        row.identity_depends.retain(|action| !row.identity.contains(action));
    }

    fn coded(&mut self, needs: Vec<(String, Option<String>)>) -> Vec<(String, Option<String>)> {
        let mut code = |words: String| self.conditions.code(&words);
        needs.into_iter().map(|(action, words)| (action, words.map(&mut code))).collect()
    }

    fn scopes(&mut self, cells: &Cells<'_>) -> Scopes {
        let mut scopes = both(&cells.get(Column::Scope));
        for (column, place) in
            [(Column::Project, &mut scopes.project), (Column::EnterpriseProject, &mut scopes.enterprise_project)]
        {
            let text = cells.get(column);
            let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
            match mark(first) {
                Some(mark) if rest.is_empty() => *place = Some(mark),
                Some(mark) => {
                    *place = Some(mark);
                    self.unread(cells.line, format!("words in a column of scopes were left out: `{}`", short(rest)));
                }
                None if text.is_empty() => {}
                None => {
                    self.unread(cells.line, format!("neither yes nor no in a column of scopes: `{}`", short(&text)))
                }
            }
        }
        scopes
    }

    /// Adds a row of an API. Rows that permit different things are told apart by what the request is for.
    fn add(&mut self, api: DraftApi, permission: &str, line: usize) -> bool {
        let identity = match api.api.parse::<ApiKey>() {
            Ok(key) => key.identity(),
            Err(error) => {
                self.unread(line, error.to_string());
                return false;
            }
        };
        let place = *self.apis.entry(identity).or_insert(self.rows.len());
        let Some(rows) = self.rows.get_mut(place) else {
            self.rows.push(vec![(permission.to_owned(), api.clone())]);
            self.draft.apis.push(api);
            self.tally.apis.push(line);
            return true;
        };
        if rows.iter().any(|(_, row)| merge::same(row, &api)) {
            return true;
        }
        if let Some((_, first)) = rows.first_mut()
            && let Some(joined) = merge::join(first, &api)
        {
            *first = joined;
            return true;
        }
        let is_new = !permission.is_empty() && rows.iter().all(|(other, _)| !other.is_empty() && other != permission);
        if is_new && api.identity.is_empty() && rows.len() < MAX_ROWS {
            rows.push((permission.to_owned(), api));
            return true;
        }
        self.unread(line, format!("`{}` stands above already with other needs: the first row was taken", api.api));
        false
    }

    /// One row of several of an API: what all need is needed, else it depends on what the request is for.
    fn united(&mut self, rows: &[(String, DraftApi)]) -> Option<DraftApi> {
        let (_, first) = rows.first()?;
        let mut united = first.clone();
        if rows.len() > 1 {
            united.actions = self.by_request(rows, |row| &row.actions);
            united.depends = self.by_request(rows, |row| &row.depends);
        }
        for (_, row) in rows {
            united.scopes = agree(united.scopes, row.scopes);
        }
        Some(united)
    }

    fn by_request(
        &mut self,
        rows: &[(String, DraftApi)],
        needs: fn(&DraftApi) -> &Vec<(String, Option<String>)>,
    ) -> Needs {
        let mut united: Needs = Vec::new();
        for (permission, row) in rows {
            for need in needs(row) {
                let in_all = rows.iter().all(|(_, other)| needs(other).contains(need));
                let need = match &need.1 {
                    None if !in_all => (need.0.clone(), Some(self.conditions.request(permission))),
                    _ => need.clone(),
                };
                if !united.contains(&need) {
                    united.push(need);
                }
            }
        }
        united
    }

    /// A row of a table of actions. Gives whether something was read.
    fn action(&mut self, cells: &Cells<'_>) -> bool {
        let line = cells.line;
        let text = self.noted(cells, Column::Action);
        let named = actions::read(&text);
        if named.actions.is_empty() || !named.leftover.is_empty() {
            self.unread(line, format!("the row names no action, or more than that: `{}`", short(&text)));
            return false;
        }
        let access = cells.get(Column::AccessLevel);
        let level = access_level(&access);
        if level.is_none() && !access.is_empty() {
            self.unread(line, format!("unknown access level `{}`", short(&access)));
        }
        let keys = words(&cells.get(Column::ConditionKey));
        let kinds = cells.get(Column::ResourceType);
        let Some(resources) = resources(&kinds, &keys) else {
            self.unread(line, format!("the types of resources are not understood: `{}`", short(&kinds)));
            return false;
        };
        let conditions = if resources.is_empty() { keys } else { Vec::new() };
        let aliases = names(actions::read(&cells.get(Column::Alias)).actions);
        for (action, _) in named.actions {
            let action = DraftAction {
                action,
                access: level.map(str::to_owned),
                resources: resources.clone(),
                conditions: conditions.clone(),
                aliases: aliases.clone(),
            };
            self.describe(action, line);
        }
        true
    }

    /// Adds what a row says of an action to what other rows say of it.
    fn describe(&mut self, action: DraftAction, line: usize) {
        let place = *self.actions.entry(action.action.to_ascii_lowercase()).or_insert(self.draft.actions.len());
        let Some(known) = self.draft.actions.get_mut(place) else {
            self.draft.actions.push(action);
            self.tally.actions.push(line);
            return;
        };
        for resource in action.resources {
            match known.resources.iter_mut().find(|other| other.kind == resource.kind) {
                None => known.resources.push(resource),
                Some(other) => {
                    other.required |= resource.required;
                    extend(&mut other.conditions, resource.conditions);
                }
            }
        }
        extend(&mut known.conditions, action.conditions);
        extend(&mut known.aliases, action.aliases);
    }

    fn urn(&mut self, cells: &Cells<'_>) {
        let (kind, urn) = (cells.get(Column::ResourceType), cells.get(Column::Urn));
        let urn = urn.replace(['\n', ' '], "");
        if is_word(&kind) && urn.contains(':') {
            self.urns.insert(kind, urn);
            self.tally.read += 1;
        } else {
            self.tally.unread += 1;
            self.unread(
                cells.line,
                format!("not a type of resources and its URN: `{}` `{}`", short(&kind), short(&urn)),
            );
        }
    }

    fn finish(mut self) -> (Draft, Tally) {
        for (place, rows) in std::mem::take(&mut self.rows).into_iter().enumerate() {
            if let (Some(united), Some(api)) = (self.united(&rows), self.draft.apis.get_mut(place)) {
                *api = united;
            }
        }
        for resource in self.draft.actions.iter_mut().flat_map(|action| &mut action.resources) {
            resource.urn = self.urns.get(&resource.kind).cloned();
        }
        self.draft.when = self.conditions.codes;
        self.draft.unread.sort_by_key(|unread| unread.line);
        (self.draft, self.tally)
    }
}

/// The text of the API cell, or of the cells of method and path.
fn api_text(cells: &Cells<'_>) -> String {
    let (method, path) = (cells.get(Column::Method), cells.get(Column::Path));
    let api = cells.get(Column::Api);
    if path.is_empty() {
        return if method.is_empty() { api } else { format!("{method} {api}") };
    }
    format!("{method} {path}")
}

/// Whether a row is a caption: one text over all columns, or none at all, or the headings again.
fn is_caption(texts: &[(Column, &str, String)]) -> bool {
    let first = texts.first().map(|(_, _, text)| text.as_str()).unwrap_or_default();
    let is_one = texts.len() > 1 && texts.iter().all(|(_, _, text)| text == first);
    is_one || texts.iter().all(|(_, heading, text)| text.is_empty() || text.replace('\n', " ") == **heading)
}

/// What two rows say of the scopes; where they differ, nothing is known.
fn agree(left: Scopes, right: Scopes) -> Scopes {
    Scopes {
        project: left.project.filter(|_| left.project == right.project),
        enterprise_project: left.enterprise_project.filter(|_| left.enterprise_project == right.enterprise_project),
    }
}

fn names(actions: Vec<(String, Option<String>)>) -> Vec<String> {
    actions.into_iter().map(|(action, _)| action).collect()
}

fn extend(list: &mut Vec<String>, more: Vec<String>) {
    for text in more {
        if !list.contains(&text) {
            list.push(text);
        }
    }
}

fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let parts = text.split([' ', '\n', ',', ';', '、']).filter(|word| !is_nothing(word));
    extend(&mut words, parts.map(str::to_owned).collect());
    words
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

/// The types of a cell, each with the condition keys of the row; `None` if they are not understood.
fn resources(text: &str, keys: &[String]) -> Option<Vec<DraftResource>> {
    let text = text.replace(" *", "*");
    let resource = |word: String| {
        let kind = word.trim_end_matches('*');
        let required = kind.len() < word.len();
        let resource =
            DraftResource { kind: kind.to_owned(), required, conditions: keys.to_vec(), ..DraftResource::default() };
        is_word(kind).then_some(resource)
    };
    words(&text).into_iter().map(resource).collect()
}

fn access_level(text: &str) -> Option<&'static str> {
    let lower: String = text.to_lowercase().chars().filter(|character| character.is_alphabetic()).collect();
    match lower.as_str() {
        "list" | "列表" | "列举" => Some("list"),
        "read" | "读" | "只读" => Some("read"),
        "write" | "写" => Some("write"),
        "tagging" | "tag" | "标签" => Some("tagging"),
        "permissionmanagement" | "permissionsmanagement" | "permissions" | "权限管理" => {
            Some("permission_management")
        }
        _ => None,
    }
}

/// Yes or no.
fn mark(text: &str) -> Option<bool> {
    match text.trim_matches([' ', '.', '。']).to_lowercase().as_str() {
        "√" | "✓" | "✔" | "✔️" | "☑" | "✅" | "y" | "yes" | "supported" | "support" | "支持" | "是" | "true" => {
            Some(true)
        }
        "×" | "x" | "✗" | "✘" | "╳" | "✕" | "✖" | "❌" | "n" | "no" | "not supported" | "unsupported" | "不支持"
        | "否" | "false" => Some(false),
        _ => None,
    }
}

/// A cell that lists what is supported and what is not.
fn both(text: &str) -> Scopes {
    let lower = text.to_lowercase().replace("iam project", "project");
    let cut = ["不支持", "not supported", "unsupported"].iter().filter_map(|word| lower.find(word)).min();
    let (yes, no) = cut.map_or((lower.as_str(), ""), |cut| lower.split_at(cut));
    let has = |part: &str, words: [&str; 2]| words.iter().any(|word| part.contains(word));
    let enterprise = ["企业项目", "enterprise project"];
    let says = |words: [&str; 2]| match (has(yes, words), has(no, words)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    };
    let without = |part: &str| part.replace("企业项目", "").replace("enterprise project", "");
    let (plain_yes, plain_no) = (without(yes), without(no));
    let project = match (has(&plain_yes, ["项目", "project"]), has(&plain_no, ["项目", "project"])) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    };
    Scopes { project, enterprise_project: says(enterprise) }
}

/// A text on one line and not too long for a message.
fn short(text: &str) -> String {
    let mut line: String =
        text.chars().take(120).map(|character| if character == '\n' { ' ' } else { character }).collect();
    if text.chars().nth(120).is_some() {
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cell_may_say_both_scopes() {
        let cell = "支持:\n项目(Project)\n企业项目(Enterprise Project)\n不支持:无";
        assert_eq!(both(cell), Scopes { project: Some(true), enterprise_project: Some(true) });
        let cell = "Supported: Project\nNot supported: Enterprise Project";
        assert_eq!(both(cell), Scopes { project: Some(true), enterprise_project: Some(false) });
        assert_eq!(both(""), Scopes::default());
    }
}
