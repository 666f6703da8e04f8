//! What a column holds, from its heading.

use super::text::tidy;
use super::{Row, Table};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// What the row permits, in words.
    Permission,
    /// `METHOD /path`
    Api,
    /// The method alone.
    Method,
    /// The path alone.
    Path,
    Action,
    /// Actions that the API depends on.
    Depends,
    Project,
    EnterpriseProject,
    /// Both kinds of project in one cell.
    Scope,
    AccessLevel,
    ResourceType,
    ConditionKey,
    Alias,
    Urn,
    /// Understood, and nothing that the permission table holds.
    Beside,
    Unknown,
}

/// What a table is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// What APIs need, in actions of grammar 1.1 or (`true`) 5.0.
    Apis(bool),
    /// Actions without APIs.
    Names,
    /// Actions of grammar 5.0.
    Actions,
    /// The shapes of resource names.
    Resources,
    Other,
}

/// The headings of a table.
#[derive(Debug)]
pub(super) struct Headings {
    pub(super) kind: Kind,
    pub(super) columns: Vec<(Column, String)>,
    /// How many rows they take.
    pub(super) rows: usize,
}

/// Reads the headings of a table: the rows that are marked so, or else the first.
pub(super) fn read(table: &Table) -> Headings {
    let rows = table.headings.clamp(1, 3);
    let texts = texts(table.rows.get(..rows.min(table.rows.len())).unwrap_or_default());
    let columns: Vec<(Column, String)> = texts.into_iter().map(|text| (column(&text), text)).collect();
    Headings { kind: kind(&columns), columns, rows }
}

/// The text over each column; what stands in several rows stands once.
fn texts(rows: &[Row]) -> Vec<String> {
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    let text = |column: usize| {
        let mut parts: Vec<String> = Vec::new();
        for row in rows {
            let part = row.cells.get(column).map(|cell| tidy(cell).replace('\n', " ")).unwrap_or_default();
            if !part.is_empty() && !parts.contains(&part) {
                parts.push(part);
            }
        }
        parts.join(" ")
    };
    (0..width).map(text).collect()
}

fn kind(columns: &[(Column, String)]) -> Kind {
    let has = |column| columns.iter().any(|(other, _)| *other == column);
    let names_scopes = has(Column::Project) || has(Column::EnterpriseProject) || has(Column::Scope);
    if has(Column::Action) && (has(Column::Api) || has(Column::Path)) {
        return Kind::Apis(!has(Column::Permission) && !names_scopes);
    }
    if has(Column::Action) && (has(Column::AccessLevel) || has(Column::ResourceType)) {
        return Kind::Actions;
    }
    if has(Column::Action) && (has(Column::Permission) || has(Column::Depends) || names_scopes) {
        return Kind::Names;
    }
    if has(Column::Urn) && has(Column::ResourceType) { Kind::Resources } else { Kind::Other }
}

/// What a heading says. A second language in brackets is tried if the first is not known.
fn column(heading: &str) -> Column {
    let lower: String = heading.to_lowercase().chars().filter(|character| !character.is_whitespace()).collect();
    let whole = known(&lower.replace(['(', ')', '[', ']', ':', '*'], ""));
    if whole != Column::Unknown {
        return whole;
    }
    let mut parts = lower.split(['(', ')', '[', ']', '/', ':']).map(known);
    parts.find(|column| *column != Column::Unknown).unwrap_or(Column::Unknown)
}

fn known(words: &str) -> Column {
    match words {
        "权限" | "权限名称" | "权限描述" | "permission" | "permissions" | "功能" | "操作" | "接口名称" | "api名称"
        | "apiname" | "operation" | "function" | "apifunction" | "api功能" => Column::Permission,
        "对应api接口" | "对应的api接口" | "对应api" | "对应的api" | "对应接口" | "api接口" | "api" | "apis"
        | "接口" | "correspondingapi" | "associatedapi" | "relatedapi" | "apioperation" | "对应apiapi" | "restapi" => {
            Column::Api
        }
        "方法" | "method" | "httpmethod" | "请求方法" | "http方法" | "请求方式" | "requestmethod" => {
            Column::Method
        }
        "uri" | "url" | "接口url" | "apiurl" | "apiuri" | "接口uri" | "路径" | "path" | "接口路径" | "请求路径" => {
            Column::Path
        }
        "授权项"
        | "授权项action"
        | "action"
        | "actions"
        | "对应的授权项"
        | "对应授权项"
        | "授权项actions"
        | "对应的授权项action"
        | "策略授权项"
        | "操作action"
        | "authorizationitem"
        | "requiredaction" => Column::Action,
        "依赖的授权项"
        | "依赖授权项"
        | "依赖的授权项action"
        | "依赖"
        | "依赖的action"
        | "dependencies"
        | "dependency"
        | "dependencyitem"
        | "dependentaction"
        | "dependentactions"
        | "dependentpermission"
        | "dependentpermissions"
        | "相关授权项"
        | "relatedaction"
        | "relatedactions"
        | "依赖权限"
        | "dependentpermissionsdependencies" => Column::Depends,
        "iam项目"
        | "iam项目project"
        | "项目"
        | "项目project"
        | "project"
        | "iamproject"
        | "iamprojects"
        | "授权范围iam项目"
        | "授权范围项目"
        | "授权范围iam项目project"
        | "授权范围项目project"
        | "authorizationscopeiamproject"
        | "scopeproject"
        | "iam项目iamproject" => Column::Project,
        "企业项目"
        | "企业项目enterpriseproject"
        | "enterpriseproject"
        | "enterpriseprojects"
        | "授权范围企业项目"
        | "授权范围企业项目enterpriseproject"
        | "authorizationscopeenterpriseproject" => Column::EnterpriseProject,
        "授权范围" | "授权项作用域" | "scope" | "authorizationscope" | "作用范围" | "授权作用范围" => {
            Column::Scope
        }
        "访问级别" | "accesslevel" => Column::AccessLevel,
        "资源类型"
        | "资源类型为必须"
        | "resourcetype"
        | "resourcetyperequired"
        | "resourcetypes"
        | "resourcetyperequiredresources"
        | "资源类型为必选" => Column::ResourceType,
        "条件键" | "conditionkey" | "conditionkeys" => Column::ConditionKey,
        "别名" | "alias" | "aliases" => Column::Alias,
        "urn" => Column::Urn,
        "描述"
        | "说明"
        | "description"
        | "实例授权"
        | "标签授权"
        | "instanceauthorization"
        | "tagauthorization"
        | "序号"
        | "no." => Column::Beside,
        _ => Column::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_in_both_languages_are_understood() {
        for (heading, meaning) in [
            ("权限", Column::Permission),
            ("对应API接口", Column::Api),
            ("授权项（Action）", Column::Action),
            ("IAM项目 (Project)", Column::Project),
            ("企业项目(Enterprise Project)", Column::EnterpriseProject),
            ("Dependent Permissions", Column::Depends),
            ("资源类型（*为必须）", Column::ResourceType),
            ("Resource Type (*: required)", Column::ResourceType),
            ("IAM Project", Column::Project),
            ("Parameter", Column::Unknown),
        ] {
            assert_eq!(column(&tidy(heading)), meaning, "{heading}");
        }
    }
}
