import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineageClientUtils;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file of run events, one a line, with OpenLineage's own client; tells each that it refuses. */
public class ReadEvents {
  public static void main(String[] arguments) throws Exception {
    int read = 0;
    for (String line : Files.readAllLines(Path.of(arguments[0]))) {
      try {
        OpenLineage.RunEvent event = OpenLineageClientUtils.runEventFromJson(line);
        if (event.getRun().getRunId() == null || event.getJob().getName() == null) {
          throw new IllegalStateException("no run or no job");
        }
        read++;
      } catch (Exception refused) {
        System.out.println("refused: " + refused.getMessage());
      }
    }
    System.out.println("read: " + read);
  }
}
