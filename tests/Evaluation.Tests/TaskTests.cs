using IlgpuDca.Model;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Tests;
using Xunit;

namespace IlgpuDca.Evaluation.Tests;

/// <summary>Tasks of a file: how lines are read, prompts written and shortened, answers cut and scored.</summary>
public sealed class TaskTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    readonly PromptEncoder _encoder = new(tiny.Tokenizer);

    const string Document = "The old man looked at the sea.  It was green and still,\nand there was no ship anywhere to be seen that day.";

    static readonly TaskQuestion _question = new(3, "sea", Document, [new TaskExample("Who looked?", "The old man.")],
        "What was green?", ["the sea", "sea"], new TokenF1());

    [Fact]
    public void ALineIsReadWithAllItsKeys()
    {
        TaskQuestion read = Assert.Single(TaskFile.Read(
            """

            {"id": 7, "task": "sea", "document": "D", "examples": [{"question": "q", "answer": "a"}], "question": "Q", "answers": ["x", "y"], "metric": "em"}

            """, "folder/file.jsonl", new TokenF1()));
        Assert.Equal((2, "sea", "D", "Q", "em"), (read.Line, read.Task, read.Document, read.Question, read.Metric.Name));
        Assert.Equal([new TaskExample("q", "a")], read.Examples);
        Assert.Equal(["x", "y"], read.Answers);
    }

    [Fact]
    public void WhatALineLeavesOutHasDefaults()
    {
        TaskQuestion read = Assert.Single(TaskFile.Read("""{"document": "D", "question": "Q", "answers": ["x"]}""", "folder/file.jsonl", new Rouge()));
        Assert.Equal(("file", "rouge", 0), (read.Task, read.Metric.Name, read.Examples.Count));
    }

    [Theory]
    [InlineData("", "no questions")]
    [InlineData("{\"document\": \"D\"", "line 1", "no JSON object")]
    [InlineData("[1]", "line 1", "an array", "an object")]
    [InlineData("{\"question\": \"Q\", \"answers\": [\"x\"]}", "line 1", "'document' is missing")]
    [InlineData("{\"document\": \"D\", \"answers\": [\"x\"]}", "line 1", "'question' is missing")]
    [InlineData("\n{\"document\": 3, \"question\": \"Q\", \"answers\": [\"x\"]}", "line 2", "'document' is a number", "a string")]
    [InlineData("{\"document\": \"D\", \"question\": \"Q\"}", "line 1", "'answers' is missing")]
    [InlineData("{\"document\": \"D\", \"question\": \"Q\", \"answers\": []}", "line 1", "'answers' is empty")]
    [InlineData("{\"document\": \"D\", \"question\": \"Q\", \"answers\": \"x\"}", "line 1", "'answers' is a string", "an array")]
    [InlineData("{\"document\": \"D\", \"question\": \"Q\", \"answers\": [\"x\", null]}", "line 1", "'answers[1]' is null")]
    [InlineData("{\"document\": \"D\", \"question\": \"Q\", \"answers\": [\"x\"], \"metric\": \"bleu\"}", "line 1", "'bleu'", "rouge")]
    [InlineData("{\"document\": \"D\", \"question\": \"Q\", \"answers\": [\"x\"], \"examples\": [{\"question\": \"q\"}]}", "'examples[0]'", "'answer' is missing")]
    [InlineData("{\"document\": \"D\", \"question\": \"Q\", \"answers\": [\"x\"], \"examples\": {}}", "line 1", "'examples' is an object")]
    public void MalformedLinesAreNamed(string text, params string[] parts)
    {
        UsageException refused = Assert.Throws<UsageException>(() => TaskFile.Read(text, "file.jsonl", new TokenF1()));
        Assert.Contains("Fix:", refused.Message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void AFewShotPromptIsDocumentExamplesAndAnOpenAnswer() => Assert.Equal(
        Document + "\n\nQuestion: Who looked?\nAnswer: The old man.\n\nQuestion: What was green?\nAnswer:",
        Text(Prompts(Truncation.None, null).Build(_question)));

    [Fact]
    public void AnInstructionHasNoExamples()
    {
        TaskPrompts prompts = new(_encoder, TaskFormat.Instruction, Truncation.None, null);
        string text = Text(prompts.Build(_question with { Examples = [] }));
        Assert.StartsWith($"Document is as follows. {Document}", text, StringComparison.Ordinal);
        Assert.EndsWith("Answer:", text, StringComparison.Ordinal);
        Assert.Contains("line 3", Assert.Throws<UsageException>(() => prompts.Build(_question)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Truncation.Left)]
    [InlineData(Truncation.Right)]
    public void AsFewWordsAreDroppedAsAreNeeded(Truncation side)
    {
        string[] words = Document.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string rest = Text(Prompts(Truncation.None, null).Build(_question))[Document.Length..];
        int whole = Prompts(side, null).Build(_question).Ids.Length;
        int without = Prompts(side, null).Build(_question with { Document = "" }).Ids.Length;
        for (int limit = without; limit < whole; limit++)
        {
            TaskPrompt prompt = Prompts(side, limit).Build(_question);
            Assert.InRange(prompt.Ids.Length, 1, limit);
            Assert.InRange(prompt.DroppedWords, 1, words.Length);
            if (prompt.DroppedWords == words.Length)
                continue;
            string kept = Text(prompt)[..^rest.Length];
            Assert.Equal(words.Length - prompt.DroppedWords, kept.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length);
            Assert.True(side == Truncation.Left ? Document.EndsWith(kept, StringComparison.Ordinal) : Document.StartsWith(kept, StringComparison.Ordinal));
            TaskPrompt more = Prompts(side, prompt.Ids.Length).Build(_question);
            Assert.Equal(prompt.DroppedWords, more.DroppedWords);
            Assert.True(WithWords(side, words.Length - prompt.DroppedWords + 1) > limit);
        }
    }

    [Fact]
    public void NothingIsShortenedUnasked()
    {
        int whole = Prompts(Truncation.None, null).Build(_question).Ids.Length;
        Assert.Equal(0, Prompts(Truncation.None, whole).Build(_question).DroppedWords);
        ContextExceededException refused = Assert.Throws<ContextExceededException>(() => Prompts(Truncation.None, whole - 1).Build(_question));
        Assert.All(["line 3", $"{whole} tokens", $"{whole - 1} fit", "--truncate"],
            part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
        refused = Assert.Throws<ContextExceededException>(() => Prompts(Truncation.Left, 8).Build(_question));
        Assert.Contains("without its document", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(" Paris.\n\nQuestion: And", "Paris.")]
    [InlineData("\nQuestion: \nQuestion: Rome", "Rome")]
    [InlineData("  ", "")]
    [InlineData("two\nlines", "two\nlines")]
    public void AnAnswerEndsAtTheNextQuestion(string text, string answer) => Assert.Equal(answer, TaskRun.FirstPiece(text));

    [Fact]
    public void AnswersAreGeneratedAndScored()
    {
        const int Predict = 12;
        TaskPrompt[] prompts = [Prompts(Truncation.None, null).Build(_question),
            Prompts(Truncation.None, null).Build(_question with { Metric = new ExactMatch(), Answers = ["no such words"] })];
        List<TaskOutcome> told = [];
        IReadOnlyList<TaskOutcome> outcomes = TaskRun.Measure(tiny.Engine, tiny.Plan(AttentionMode.Dense, 128), prompts, Predict, told.Add,
            null, TestContext.Current.CancellationToken);
        Assert.Equal(told, outcomes);
        Assert.Equal(outcomes[0].Answer, outcomes[1].Answer);
        Assert.Equal(new TokenF1().Score(outcomes[0].Answer, _question.Answers), outcomes[0].Score);
        Assert.Equal(0, outcomes[1].Score);

        using TextSession session = tiny.Engine.Begin(tiny.Plan(AttentionMode.Dense, 128), prompts[0].Ids.Length + Predict);
        session.Append(prompts[0].Ids);
        List<int> greedy = [];
        for (int i = 0; i < Predict; i++)
        {
            float[] logits = session.Logits();
            greedy.Add(Array.IndexOf(logits, logits.Max()));
            session.Append([greedy[^1]]);
        }
        Assert.Equal(TaskRun.FirstPiece(tiny.Tokenizer.Decode([.. prompts[0].Ids, .. greedy])[Text(prompts[0]).Length..]), outcomes[0].Answer);
    }

    [Fact]
    public void TotalsAreOfTasksAndMetrics()
    {
        Rouge rouge = new();
        TaskPrompt Of(string task, IMetric metric) => new(_question with { Task = task, Metric = metric }, [1], 0);
        Assert.Equal([new TaskTotal("a", "f1", 2, 0.75), new TaskTotal("b", "rouge", 2, Math.Cbrt(0.5 * 0.25 * 0.5))],
            TaskTotal.Of([new(Of("a", _question.Metric), "", [0.5]), new(Of("b", rouge), "", [1, 0.5, 1]),
                new(Of("a", _question.Metric), "", [1]), new(Of("b", rouge), "", [0, 0, 0])]));
    }

    TaskPrompts Prompts(Truncation truncation, int? limit) => new(_encoder, TaskFormat.FewShot, truncation, limit);

    /// <summary>Tokens of the prompt with some words of the document, as they stand there.</summary>
    int WithWords(Truncation side, int count)
    {
        int[] starts = [.. Enumerable.Range(0, Document.Length).Where(i => !char.IsWhiteSpace(Document[i]) && (i == 0 || char.IsWhiteSpace(Document[i - 1])))];
        string document = side == Truncation.Left ? Document[starts[^count]..]
            : count == starts.Length ? Document : Document[..starts[count]].TrimEnd();
        return Prompts(side, null).Build(_question with { Document = document }).Ids.Length;
    }

    string Text(TaskPrompt prompt) => tiny.Tokenizer.Decode(prompt.Ids);
}
