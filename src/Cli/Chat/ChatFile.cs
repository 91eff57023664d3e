using System.Text;
using System.Text.Json;
using IlgpuDca.Loader;
using IlgpuDca.Model;

namespace IlgpuDca.Cli.Chat;

/// <summary>Conversations on disk: a JSON object with the system message and an array of messages.</summary>
static class ChatFile
{
    const string Ending = ".chat.json";
    const long LargestFile = 256L << 20;

    /// <summary>Writes the conversation; gives the file's name.</summary>
    public static string Save(string name, Conversation conversation)
    {
        string path = PathOf(name);
        try
        {
            WholeFile.Write(path, file =>
            {
                using Utf8JsonWriter json = new(file, new JsonWriterOptions { Indented = true });
                json.WriteStartObject();
                json.WriteString("system", conversation.System);
                json.WriteStartArray("messages");
                foreach (ChatMessage message in conversation.Messages)
                {
                    json.WriteStartObject();
                    json.WriteString("role", message.Role);
                    json.WriteString("content", message.Content);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            });
            return path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"{path} can't be written: {exception.Message}");
        }
    }

    /// <summary>Puts a saved conversation in place of this one; gives the file's name.</summary>
    public static string Load(string name, Conversation conversation)
    {
        string path = PathOf(name);
        try
        {
            if (new FileInfo(path).Length > LargestFile)
                throw new UsageException($"{path} has more than {LargestFile} bytes, so it is no saved conversation.");
            using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetString(File.ReadAllBytes(path)));
            string? system = document.RootElement.GetProperty("system").GetString();
            ChatMessage[] messages = [.. document.RootElement.GetProperty("messages").EnumerateArray().Select(message =>
                new ChatMessage(message.GetProperty("role").GetString() ?? "user", message.GetProperty("content").GetString() ?? ""))];
            conversation.System = system;
            conversation.Clear();
            conversation.Messages.AddRange(messages);
            return path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"{path} can't be read: {exception.Message}");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new UsageException($"{path} is no saved conversation, expected an object with 'system' and 'messages': {exception.Message}");
        }
    }

    static string PathOf(string name) => name.EndsWith(".json", StringComparison.Ordinal) ? name : name + Ending;
}
