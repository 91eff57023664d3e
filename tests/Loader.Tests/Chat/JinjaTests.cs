using Xunit;

namespace IlgpuDca.Loader.Tests;

/// <summary>The language, against what Jinja2 documents.</summary>
public class JinjaTests
{
    static string Render(string template, params (string, object?)[] variables) =>
        JinjaTemplate.Parse(template).Render(variables.Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2)));

    [Theory]
    [InlineData("1 + 2 * 3 - 4 // 3 % 2", "6")]
    [InlineData("7 / 2", "3.5")]
    [InlineData("-7 // 2", "-4")]
    [InlineData("-7 % 3", "2")]
    [InlineData("2 ** 10", "1024")]
    [InlineData("1e3 is defined", null)]
    [InlineData("'a' ~ 1 ~ none ~ true", "a1NoneTrue")]
    [InlineData("'ab' * 3", "ababab")]
    [InlineData("1 < 2 < 3 and not 3 < 2", "True")]
    [InlineData("'b' in 'abc' and 'x' not in ['y']", "True")]
    [InlineData("[1, 'a', [none], {'k': 2.0}]", "[1, 'a', [None], {'k': 2.0}]")]
    [InlineData("[1,2,3,4][::-1]", "[4, 3, 2, 1]")]
    [InlineData("[1,2,3,4][1:-1]", "[2, 3]")]
    [InlineData("'hello'[1:3] ~ 'hello'[-1] ~ 'hello'[::2]", "elohlo")]
    [InlineData("[1,2,3][-1] ~ [1,2,3][:1] ~ ([1][5] is defined)", "3[1]False")]
    [InlineData("missing", "")]
    [InlineData("missing is defined or missing", "")]
    [InlineData("'yes' if 1 == 1.0 else 'no'", "yes")]
    [InlineData("('x' if false)", "")]
    [InlineData("{'a': {'b': 5}}.a.b + {'a': 1}['a']", "6")]
    [InlineData("{'a': 1}.get('z', 9) ~ {'a': 1}.items()", "9[['a', 1]]")]
    [InlineData("'a,b,c'.split(',')[-1] ~ 'a,b,c'.split(',', 1)", "c['a', 'b,c']")]
    [InlineData("'  x '.strip() ~ '|' ~ '  x '.lstrip() ~ '|' ~ 'xxaxx'.rstrip('x')", "x|x |xxa")]
    [InlineData("'abc'.startswith('ab') ~ 'abc'.endswith('ab')", "TrueFalse")]
    [InlineData("'hello world'.title() ~ 'ABC'.lower() ~ 'abc'.upper() ~ 'aXa'.replace('a', 'b')", "Hello WorldabcABCbXb")]
    [InlineData("'  a ' | trim | upper ~ '!'", "A!")]
    [InlineData("[3,1,2] | sort | join('-')", "1-2-3")]
    [InlineData("[{'a':1,'b':2},{'a':3}] | map(attribute='a') | list", "[1, 3]")]
    [InlineData("['x','y'] | map('upper') | join", "XY")]
    [InlineData("[{'r':'u'},{'r':'s'}] | selectattr('r', 'equalto', 'u') | list | length", "1")]
    [InlineData("[{'r':'u'},{'r':'s'}] | rejectattr('r', 'equalto', 'u') | first", "{'r': 's'}")]
    [InlineData("[1,2,3,4] | select('even') | list ~ ([1,2] | reject('equalto', 1) | last)", "[2, 4]2")]
    [InlineData("missing | default('d') ~ ('' | default('e', true)) ~ (none | default('f'))", "deNone")]
    [InlineData("'3' | int + '2.5' | float + ('x' | int(7))", "12.5")]
    [InlineData("{'b':[1,{}],'a':'é\"\\n/<'} | tojson", "{\"b\": [1, {}], \"a\": \"é\\\"\\n/<\"}")]
    [InlineData("{'a':[1,2]} | tojson(indent=2)", "{\n  \"a\": [\n    1,\n    2\n  ]\n}")]
    [InlineData("[1.0, 1e3 if false else 0.1, 100000.5] | tojson", null)]
    [InlineData("'a\\nb' | indent(2)", "a\n  b")]
    [InlineData("1 is none or 'x' is string and {} is mapping and [] is iterable and [] is sequence", "True")]
    [InlineData("true is true and false is false and 1 is not true and 4 is divisibleby 2", "True")]
    [InlineData("range(5) | list ~ range(5, 0, -2) | list", "[0, 1, 2, 3, 4][5, 3, 1]")]
    [InlineData("[1, 2] + [3] == [1, 2, 3]", "True")]
    [InlineData("1.0 ~ ' ' ~ 0.1 ~ ' ' ~ 123456.75", "1.0 0.1 123456.75")]
    public void Expressions(string expression, string? expected)
    {
        if (expected is null)
            Assert.Throws<TemplateException>(() => Render("{{ " + expression + " }}"));
        else
            Assert.Equal(expected, Render("{{ " + expression + " }}"));
    }

    [Theory]
    [InlineData("{% for x in [1,2,3] if x != 2 %}{{ loop.index0 }}{{ x }}{{ ',' if not loop.last }}{% endfor %}", "01,13")]
    [InlineData("{% for x in [] %}a{% else %}none{% endfor %}", "none")]
    [InlineData("{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}={{ v }};{% endfor %}", "a=1;b=2;")]
    [InlineData("{% for x in range(9) %}{% if x == 2 %}{% continue %}{% endif %}{% if x == 4 %}{% break %}{% endif %}{{ x }}{% endfor %}", "013")]
    [InlineData("{% set x = 1 %}{% for i in [1] %}{% set x = 2 %}{% endfor %}{{ x }}", "1")]
    [InlineData("{% set n = namespace(x=1) %}{% for i in [1,2] %}{% set n.x = n.x + i %}{% endfor %}{{ n.x }}", "4")]
    [InlineData("{% set a, b = [1, 2] %}{{ b }}{{ a }}", "21")]
    [InlineData("{% set t %}in {{ 1 }}{% endset %}[{{ t }}]", "[in 1]")]
    [InlineData("{% macro m(a, b='z') %}<{{ a }}{{ b }}>{% endmacro %}{{ m(1) }}{{ m(2, b=3) }}", "<1z><23>")]
    [InlineData("{% if 0 %}a{% elif 'x' %}b{% else %}c{% endif %}", "b")]
    [InlineData("{# note #}a{# more #}", "a")]
    [InlineData("{% raw %}{{ x }}{% endraw %}", "{{ x }}")]
    [InlineData("{{ '{{' }}{{ '%}' }}", "{{%}")]
    [InlineData("{{ {'a': {'b': 1}} }}", "{'a': {'b': 1}}")]
    [InlineData("{% for x in 'ab' %}{{ loop.previtem is defined }}{{ loop.nextitem }}{% endfor %}", "FalsebTrue")]
    [InlineData("{% for x in [1,2,3] %}{{ loop.cycle('a','b') }}{% endfor %}", "aba")]
    public void Statements(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("a\n  {% if true %}\nb\n  {% endif %}\nc\n", "a\nb\nc")]
    [InlineData("a  {%- if true -%}  b  {%- endif -%}  c", "abc")]
    [InlineData("a {{- ' b ' -}} c", "a b c")]
    [InlineData("{{ 1 }}\n{{ 2 }}", "1\n2")]
    [InlineData("  {{ 1 }}", "  1")]
    [InlineData("x {% if true %}\ny{% endif %}", "x y")]
    [InlineData("  {%+ if true %}\ny{% endif +%}\nz", "  y\nz")]
    [InlineData("a\r\n{# c #}\r\nb", "a\nb")]
    public void WhiteSpace(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{{ x.y }}", "undefined")]
    [InlineData("\n\n{{ raise_exception('no') }}", "line 3 of the chat template: it refuses the conversation: no")]
    [InlineData("{{ 'a' + 1 }}", "no meaning")]
    [InlineData("{% for x in 5 %}{% endfor %}", "can't be looped over")]
    [InlineData("{{ 1 // 0 }}", "divides by 0")]
    [InlineData("{% if %}", "expected a value")]
    [InlineData("{% if true %}", "endif")]
    [InlineData("{{ 1", "'}}'")]
    [InlineData("{% endfor %}", "endfor")]
    [InlineData("{{ 'a }}", "string has no end")]
    [InlineData("{{ 1 | nonsense }}", "no filter 'nonsense'")]
    [InlineData("{{ 1 is nonsense }}", "no test 'nonsense'")]
    [InlineData("{% include 'x' %}", "no statement 'include'")]
    [InlineData("{{ 9999999999999999999999 }}", "too large")]
    [InlineData("{{ 9 ** 99 }}", "too large")]
    public void FaultsNameTheLine(string template, string named) =>
        Assert.Contains(named, Assert.Throws<TemplateException>(() => Render(template)).Message);

    /// <summary>Templates come from anywhere: what never ends, grows or nests without end is refused.</summary>
    [Theory]
    [InlineData("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}")]
    [InlineData("{% set n = namespace(x='aaaaaaaaaaaaaaaa') %}{% for a in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}")]
    [InlineData("{% for a in range(99999) %}{{ 'a' * 100000 }}{% endfor %}")]
    [InlineData("{{ 'a' * 9000000000000 }}")]
    [InlineData("{{ range(1000000000) }}")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")]
    [InlineData("{% set n = namespace(x=[]) %}{% for a in range(99999) %}{% set n.x = [n.x] %}{% endfor %}{{ n.x }}")]
    [InlineData("{% set n = namespace(x=[1]) %}{% for a in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}")]
    public void HostileTemplatesEnd(string template) => Assert.Throws<TemplateException>(() => Render(template));

    [Fact]
    public void DeepNestingIsRefused()
    {
        Assert.Throws<TemplateException>(() => Render("{{ " + new string('(', 200_000) + "1" + new string(')', 200_000) + " }}"));
        Assert.Throws<TemplateException>(() => Render(string.Concat(Enumerable.Repeat("{% if 1 %}", 100_000))));
        Assert.Throws<TemplateException>(() => Render("{{ 1" + string.Concat(Enumerable.Repeat("+1", 400_000)) + " }}"));
    }

    [Fact]
    public void TimeIsFormatted()
    {
        string today = DateTime.Now.ToString("dd MMM yyyy", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal($"{today}%", Render("{{ strftime_now('%d %b %Y%%') }}"));
    }
}
