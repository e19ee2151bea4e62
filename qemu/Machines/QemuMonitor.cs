using System;
using System.IO;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Skerry.Qemu.Machines;

/// <summary>
/// QEMU's monitor, through its machine protocol (QMP) on a socket of its own: what a machine looks like from outside.
/// <code>
///     using var monitor = new QemuMonitor();
///     using QemuMachine machine = QemuMachine.Start(options with { ExtraArguments = monitor.Arguments });
///     string registers = monitor.Ask("info registers -a");
/// </code>
/// </summary>
public sealed class QemuMonitor : IDisposable
{
    // Not in the output directory: a socket's path has at most 107 bytes.
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"skerry-{Guid.NewGuid():N}");
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private StreamReader? _reader;
    private StreamWriter? _writer;

    /// <summary>For QEMU, which makes the socket before it runs anything.</summary>
    public string[] Arguments => ["-qmp", $"unix:{_path},server=on,wait=off"];

    /// <summary>A command of the monitor for people. The machine has printed something, so its socket is there.</summary>
    /// <returns>What it answers; empty if the machine ended.</returns>
    public string Ask(string command)
    {
        if (_reader is null)
        {
            Connect();
        }
        var arguments = new JsonObject { ["command-line"] = command };
        try
        {
            return Execute("human-monitor-command", arguments)?.GetValue<string>() ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        File.Delete(_path);
    }

    private void Connect()
    {
        _socket.Connect(new UnixDomainSocketEndPoint(_path));
        var stream = new NetworkStream(_socket);
        _reader = new StreamReader(stream);
        _writer = new StreamWriter(stream) { AutoFlush = true };
        // The greeting.
        _reader.ReadLine();
        Execute("qmp_capabilities", []);
    }

    /// <summary>Events between command and answer are passed over.</summary>
    /// <returns>Null: the machine ended.</returns>
    private JsonNode? Execute(string name, JsonObject arguments)
    {
        _writer!.WriteLine(new JsonObject { ["execute"] = name, ["arguments"] = arguments }.ToJsonString());
        while (_reader!.ReadLine() is { } line)
        {
            JsonNode answer = JsonNode.Parse(line)!;
            if (answer["error"] is { } error)
            {
                throw new JsonException(error.ToJsonString());
            }
            if (answer["return"] is { } result)
            {
                return result;
            }
        }
        return null;
    }
}
